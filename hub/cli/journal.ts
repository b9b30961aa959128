/** vigie journal tail */
import { userInfo } from 'node:os'
import { VigieError } from '../errors.ts'
import type { Recorded } from '../events.ts'
import { dataVersion, events } from '../record/reading.ts'
import type { Context } from './context.ts'
import { type Output, time } from './output.ts'

const FOLLOW_MS = 200
const PAGE = 500

/** Reading is a journal row of its own. Rows carry pseudonyms; names are not shown here. */
export async function tail(
  c: Pick<Context, 'db' | 'now' | 'op'>,
  count: number,
  follow: boolean,
  out: Output,
): Promise<void> {
  c.op('record', { at: c.now(), event: { kind: 'journal.read', by: `cli:${userInfo().username}`, rows: count } })
  const rows = events(c.db, { limit: count }).reverse()
  for (const row of rows) print(row, out)
  let last = rows.at(-1)?.seq ?? 0
  let version = dataVersion(c.db)
  while (follow && process.stdout.writable) {
    await new Promise(resolve => setTimeout(resolve, FOLLOW_MS))
    const now = dataVersion(c.db)
    if (now === version) continue
    version = now
    for (const row of events(c.db, { after: last, limit: PAGE })) {
      print(row, out)
      last = row.seq
    }
  }
}

/** @param text of --lines; 20 without it @throws VigieError usage */
export function lines(text: string | undefined): number {
  if (text === undefined) return 20
  if (/^\d{1,6}$/.test(text) && Number(text) >= 1) return Number(text)
  const expected = {
    en: '--lines takes a whole number from 1 to 999999',
    fr: '--lines attend un nombre entier de 1 à 999999',
  }
  throw new VigieError('usage', { expected })
}

function print(row: Recorded, out: Output): void {
  const { kind, ...rest } = row.event
  const plain = `${String(row.seq).padStart(8)}  ${time(row.at)}  ${kind.padEnd(18)}  ${brief(rest)}`
  out.line(out.json ? JSON.stringify(row) : plain)
}

const BRIEF = [
  'reason',
  'because',
  'refusal',
  'device',
  'point',
  'accessPoint',
  'zone',
  'classes',
  'person',
  'witness',
  'via',
  'plan',
  'grant',
  'target',
  'until',
  'finding',
  'why',
  'count',
  'tookMs',
  'openMs',
  'skewMs',
  'revision',
  'origin',
  'by',
  'rows',
  'serial',
] as const

/** What a row says, in one line. */
export function brief(event: object): string {
  const fields = event as Record<string, unknown>
  return BRIEF.filter(name => fields[name] !== undefined)
    .map(name => `${name}=${shown(name, fields[name])}`)
    .join(' ')
}

/** What opened is `role/right`, a grant or an emergency by its id; times are times. */
function shown(name: string, value: unknown): string {
  if (name === 'until' && typeof value === 'number') return time(value).replace(' ', 'T')
  if (typeof value !== 'object' || value === null) return String(value)
  const { kind, role, right, grant, id } = value as Record<string, unknown>
  if (kind === 'rule') return `${role}/${right}`
  return String(grant ?? id ?? JSON.stringify(value))
}
