/** Follows a journal with its search index until it is killed: `node index.ts <data folder>`. Prints `ready` first. */
import { writeSync } from 'node:fs'
import { openDatabase, openFolder } from '../database.ts'
import { SearchIndex } from '../search-index.ts'

const folder = openFolder(process.argv[2] ?? '', '')
const index = new SearchIndex(folder, openDatabase(folder, { readonly: true }))
writeSync(1, 'ready\n')
await index.catchUp()
