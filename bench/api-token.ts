/** An operator and a token of theirs, put into a data folder whose hub is not running. */
import { hashOf, newSecret } from '#hub/http/secrets.ts'
import { Appender } from '#hub/record/chain.ts'
import { openDatabase, openFolder } from '#hub/record/database.ts'
import { perform } from '#hub/record/ops.ts'
import { bump } from '#hub/record/site.ts'
import { run, sql } from '#hub/record/sql.ts'

const DAY_MS = 86_400_000
const OPERATOR = { id: 'o-bench', login: 'bench', name: 'Bench', role: 'it', password_hash: '' }

/** @returns what a program sends as its token */
export function makeToken(dataDir: string): string {
  const secret = newSecret()
  const now = Date.now()
  const db = openDatabase(openFolder(dataDir, ''))
  try {
    run(db, sql.insertInto('operator').values({ ...OPERATOR, created_at: now }))
    bump(db, now)
    const token = {
      ...{ id: 't-bench', hash: hashOf(secret), name: 'Bench', operator: OPERATOR.id, zones: null },
      capabilities: JSON.stringify(['badges.issue']),
      createdAt: now,
      expiresAt: now + DAY_MS,
    }
    perform({ db, appender: new Appender(db) }, 'createToken', { token })
  } finally {
    db.close()
  }
  return `vigie_${secret}`
}
