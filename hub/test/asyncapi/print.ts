/** Writes docs/asyncapi.yaml and the tables of the device pages: node hub/test/asyncapi/print.ts */
import { readFileSync, writeFileSync } from 'node:fs'
import { document } from './document.ts'
import { type Language, withTables } from './pages.ts'
import { toYaml } from './yaml.ts'

const doc = (path: string): URL => new URL(`../../../docs/${path}`, import.meta.url)
export const PAGES: Readonly<Record<Language, string>> = { en: 'devices.md', fr: 'fr/appareils.md' }
const HEAD = '# Made by hub/test/asyncapi/print.ts from the code that checks the messages: change it there.\n'

export const readDoc = (path: string): string => readFileSync(doc(path), 'utf8')
export const asyncapi = (): string => HEAD + toYaml(document())

if (import.meta.main) {
  writeFileSync(doc('asyncapi.yaml'), asyncapi())
  for (const [language, page] of Object.entries(PAGES))
    writeFileSync(doc(page), withTables(readDoc(page), language as Language))
}
