/**
 * What must never come back: badges, certificates and grants that open nothing any more. A checkpoint names the count and the
 * digest of the list, witnesses and backups hold the list itself, so that a restore from an older backup can be brought up
 * to date. It is made from how things stand, not from rows that may have been erased.
 *
 * One line each, sorted by byte, no line break within:
 *   badge b-<16 hex>          a badge of the past or present, by pseudonym, that is not active
 *   device <id> <serial>      a certificate of a device that was revoked
 *   grant <id>                a grant that was revoked
 */
import { createHash } from 'node:crypto'
import { all, type Db, sql } from './sql.ts'

export type Revocation =
  | { readonly kind: 'badge'; readonly pseudonym: string }
  | { readonly kind: 'device'; readonly id: string; readonly serial: string }
  | { readonly kind: 'grant'; readonly id: string }

/** Canonical lines, sorted. Cheap: three reads of small tables, none of the journal. */
export const revocations = (db: Db): readonly string[] =>
  [...badgeLines(db), ...deviceLines(db), ...grantLines(db)].sort(byBytes)

/** Hexadecimal SHA-256 of the lines, each with a line break after it; and how many there are. */
export function revocationDigest(lines: readonly string[]): { readonly count: number; readonly sha256: string } {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${line}\n`)
  return { count: lines.length, sha256: hash.digest('hex') }
}

const LINE =
  /^(?:(badge) (b-[0-9a-f]{16})|(device) ([a-z0-9][a-z0-9-]{0,62}) ([0-9a-f]{1,64})|(grant) (g-[0-9a-f]{16}))$/

/** @returns undefined where it is no such line */
export function readRevocation(line: string): Revocation | undefined {
  const [, badge, pseudonym, device, id, serial, grant, grantId] = LINE.exec(line) ?? []
  if (badge !== undefined && pseudonym !== undefined) return { kind: 'badge', pseudonym }
  if (device !== undefined && id !== undefined && serial !== undefined) return { kind: 'device', id, serial }
  if (grant !== undefined && grantId !== undefined) return { kind: 'grant', id: grantId }
  return undefined
}

/** All of the alphabet is ASCII, where UTF-16 and bytes sort alike. */
const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function badgeLines(db: Db): string[] {
  const query = sql
    .selectFrom('pseudonym as p')
    .leftJoin('site_item as i', j => j.onRef('i.id', '=', 'p.id').on('i.kind', '=', 'badge'))
    .select(['p.pseudonym', 'i.body'])
    .where('p.kind', '=', 'badge')
  return all(db, query).flatMap(({ pseudonym, body }) => (isActive(body) ? [] : [`badge ${pseudonym}`]))
}

const isActive = (body: string | null): boolean =>
  body !== null && (JSON.parse(body) as { readonly status: string }).status === 'active'

function deviceLines(db: Db): string[] {
  const query = sql.selectFrom('certificate').select(['device', 'serial']).where('revoked_at', 'is not', null)
  return all(db, query).map(({ device, serial }) => `device ${device} ${serial}`)
}

const grantLines = (db: Db): string[] =>
  all(db, sql.selectFrom('access_grant').select('id').where('revoked_at', 'is not', null)).map(
    ({ id }) => `grant ${id}`,
  )
