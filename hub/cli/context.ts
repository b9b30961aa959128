/** What every command works with: the data folder, opened; and the way to a running hub. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { VigieError } from '../errors.ts'
import { DeviceEnrolled } from '../flows/device-enrolled.ts'
import { type Authority, openAuthority } from '../pki/authority.ts'
import { Appender } from '../record/chain.ts'
import { databaseFile, openDatabase, openFolder, takeHubLock } from '../record/database.ts'
import { type OpArgs, type OpName, type OpResult, perform } from '../record/ops.ts'
import { meta, revision } from '../record/registry.ts'
import type { Db } from '../record/sql.ts'
import { certificateLifeMs, enrolmentPorts } from '../wiring/enrolment.ts'

export interface Context {
  readonly config: Config
  readonly db: Db
  readonly now: () => number
  op<N extends OpName>(name: N, args: OpArgs<N>): OpResult<N>
  authority(): Promise<Authority>
  enrolment(): Promise<DeviceEnrolled>
  close(): void
}

/** @throws VigieError data-missing where there is no database and the command is none that may begin one */
export function openContext(mayBegin: boolean): Context {
  const config = readConfig()
  if (!mayBegin && !existsSync(databaseFile(config.dataDir)))
    throw new VigieError('data-missing', { file: config.dataDir })
  const db = openDatabase(openFolder(config.dataDir, config.journalKey))
  const appender = new Appender(db)
  const now = Date.now
  const op = <N extends OpName>(name: N, args: OpArgs<N>): OpResult<N> => perform({ db, appender }, name, args)
  let opened: Promise<Authority> | undefined
  const authority = (): Promise<Authority> => {
    opened ??= openAuthority(join(config.dataDir, 'pki'), { now, serverLifeMs: certificateLifeMs(config) })
    return opened
  }
  const enrolment = async (): Promise<DeviceEnrolled> =>
    new DeviceEnrolled(enrolmentPorts({ config, db, now, op, authority: await authority() }))
  return { config, db, now, op, authority, enrolment, close: () => db.close() }
}

export interface InForce {
  /** Undefined: no hub is running; the change is in force when it starts. */
  readonly hub: { readonly tookMs: number; readonly cut: number } | undefined
  /** Where its row stands, as a running hub says: `pending` is in memory only. */
  readonly recorded?: 'journal' | 'spool' | 'pending'
}

export function hubRuns(c: Pick<Context, 'config'>): boolean {
  const lock = takeHubLock(c.config.dataDir)
  lock?.release()
  return lock === undefined
}

const PATIENCE_MS = 5_000
const LOOK_MS = 20

/**
 * Waits until the running hub decides by what is stored now.
 * @throws VigieError not-in-force if a hub is running and does not say so within 5 s
 */
export async function untilInForce(c: Context): Promise<InForce> {
  const wanted = revision(c.db)
  if (!hubRuns(c)) return { hub: undefined }
  const began = performance.now()
  for (;;) {
    const applied = JSON.parse(meta(c.db, 'applied') ?? '{}') as { revision?: number; cut?: number }
    if ((applied.revision ?? -1) >= wanted)
      return { hub: { tookMs: Math.round(performance.now() - began), cut: applied.cut ?? 0 } }
    if (performance.now() - began > PATIENCE_MS) throw new VigieError('not-in-force', { seconds: PATIENCE_MS / 1000 })
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
}
