/** A running hub follows what the command line or an enrolment changes, and renews its own certificate in time. */

import { causeOf } from '../errors.ts'
import type { Registry, StoredChanges } from '../flows/registry.ts'
import { RegistryChanged } from '../flows/registry-changed.ts'
import type { Authority } from '../pki/authority.ts'
import type { DeviceLink, TlsMaterial } from '../ports.ts'
import type { Journal } from '../record/journal.ts'
import { readChanges, revision } from '../record/registry.ts'
import type { Db } from '../record/sql.ts'
import type { Acting } from './acts.ts'
import type { Deciding } from './deciding.ts'
import { deviceStatesOf, siteViewOf, type Web } from './web.ts'

const CERTIFICATE_LOOK_MS = 60_000

export interface WatchingNeeds {
  readonly journal: Journal
  readonly db: Db
  readonly authority: Authority
  readonly deciding: Deciding
  readonly acting: Acting
  readonly broker: Pick<DeviceLink, 'renewTls' | 'cutSerial'>
  readonly web: Web
  readonly registry: Registry
  /** The hub decides by these from here on. */
  readonly use: (registry: Registry, changes: StoredChanges) => void
  readonly tls: () => Promise<TlsMaterial>
  readonly log: { error(details: object, words: string): void }
  readonly now: () => number
}

export function watching(needs: WatchingNeeds): { readonly watch: RegistryChanged; stop(): void } {
  const { journal, db, deciding, acting, broker, web, now } = needs
  const failed = (error: unknown): void =>
    needs.log.error({ err: error, cause: causeOf(error) }, 'a change could not be taken over')
  const renewTls = async (): Promise<void> => {
    const tls = await needs.tls()
    broker.renewTls(tls)
    web.server.renewTls(tls)
  }
  const watch = new RegistryChanged(
    {
      revision: () => revision(db),
      read: since => readChanges(db, since),
      use: (registry, changes) => {
        needs.use(registry, changes)
        journal.merged(changes.revision)
        const erased = changes.subjects.flatMap(s => (s.id === s.pseudonym ? [s.pseudonym] : []))
        if (erased.length > 0) web.live.forget(erased)
        if (!showsOnPages(changes)) web.live.situationsChanged()
        else web.live.siteChanged(siteViewOf(registry), deviceStatesOf(registry, deciding.status.online))
      },
      onActs: rows => acting.onActs(rows),
      renewList: renewTls,
      liveSerials: () => deciding.liveSerials(),
      cut: serial => broker.cutSerial(serial),
      acknowledge: async (rev, cut) => void (await journal.op('acknowledge', { revision: rev, at: now(), cut })),
      onFailure: failed,
      now,
    },
    needs.registry,
  )
  watch.start()
  const timer = setInterval(() => void renewTls().catch(failed), CERTIFICATE_LOOK_MS).unref()
  const stop = (): void => {
    watch.stop()
    clearInterval(timer)
  }
  return { watch, stop }
}

/** What pages draw: a badge or a grant changes nothing of it, and makes no page start anew. */
const SHOWN: ReadonlySet<string> = new Set(['site', 'zone', 'device', 'accessPoint', 'lockdownPlan', 'evacuationPlan'])
const showsOnPages = ({ items, hardware }: StoredChanges): boolean =>
  hardware !== undefined || items.some(item => SHOWN.has(item.kind))
