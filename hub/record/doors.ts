/**
 * Doors of man-traps whose report will not come any more. A door that was last seen open keeps the others of its man-trap
 * shut until it says that it is closed: where its device is revoked or replaced, or its access point is withdrawn or moved
 * to another lock, nobody says so, and what stood of it goes in the same commit.
 */
import type { OpContext } from './op-context.ts'
import { type Item, item, items, revision } from './site.ts'
import type { Db } from './sql.ts'

interface AccessPoint {
  readonly id: string
  readonly device: string
  readonly point: string
  readonly lock?: { readonly device: string; readonly point: string }
}

/** Access points of man-traps whose lock hangs at one of these devices. */
export function doorsAt(db: Db, devices: readonly string[]): string[] {
  const gone = new Set(devices)
  return [...interlocked(db)].filter(id => {
    const lock = lockOf(item(db, 'accessPoint', id)?.body)
    return lock !== undefined && gone.has(lock.device)
  })
}

/** To be asked before the change: access points of man-traps that are withdrawn by it, or get another lock. */
export function doorsMoved(db: Db, changes: readonly Item[]): string[] {
  const trapped = interlocked(db)
  return changes.flatMap(({ kind, id, body }) => {
    if (kind !== 'accessPoint' || !trapped.has(id)) return []
    const [before, after] = [lockOf(item(db, 'accessPoint', id)?.body), lockOf(body)]
    return before?.device === after?.device && before?.point === after?.point ? [] : [id]
  })
}

/**
 * As by an operator's act: a running hub takes it over. Also where no row is there yet, because one may be on its way.
 * To be called once the change has its revision.
 */
export function forgetDoors({ db, appender }: OpContext, doors: readonly string[], at: number): void {
  const rows = [...new Set(doors)].map(key => ({ kind: 'door', key }) as const)
  appender.situations.act(rows, at, revision(db))
}

const interlocked = (db: Db): ReadonlySet<string> =>
  new Set(items(db, 'interlock').flatMap(i => (JSON.parse(i.body) as { accessPoints: readonly string[] }).accessPoints))

function lockOf(body: string | undefined): { readonly device: string; readonly point: string } | undefined {
  if (body === undefined) return undefined
  const { lock, device, point } = JSON.parse(body) as AccessPoint
  return lock ?? { device, point }
}
