/** A full event of every kind, for tests of what formats make of them. A record, so that a new kind does not compile without. */
import type { EventKind, VigieEvent } from '../../events.ts'
import type { ExportAbout, ExportRow, ExportRows } from '../source.ts'
import { more } from './samples-more.ts'

export const AT = Date.UTC(2026, 10, 22, 8, 15, 3, 412)
const PERSON = 'p-0f3a5c7e9b1d2468'
const WITNESS = 'p-1122334455667788'
const BADGE = 'b-8899aabbccddeeff'
const origin = { device: 'cabinet-2', message: '1042-9f3c', deviceSeq: 1042, deviceAt: AT - 20 }
const place = { point: 'drawer-2', accessPoint: 'stup-2', zone: 'urgences', class: 'controlled-drugs' } as const
const presented = { rights: 12, pin: 'right', statedReason: 'Arrêt cardiaque, box 3' } as const
const badged = { ...origin, ...place, ...presented, person: PERSON, credential: BADGE }
const alarm = { ...place, device: 'cabinet-2', person: PERSON, credential: BADGE }
const lock = { ...origin, ...place, command: 'c0a2', person: PERSON, tookMs: 84 }
const changed = { ...origin, ...place, state: { contact: 'open' } }
const device = { device: 'cabinet-2', zone: 'urgences', serial: '04a2', reason: 'superseded' }
const grant = {
  grant: 'g-0011223344556677',
  person: PERSON,
  by: 'o-77',
  origin: 'prescription',
  from: AT,
  until: AT + 3_600_000,
  accessPoint: 'stup-2',
  reference: 'RX-42',
} as const
const review = { id: 'bg-1', person: PERSON, accessPoint: 'stup-2', zone: 'urgences' }
const operator = { operator: 'o-77', reason: 'password' }
const privacy = { by: 'o-77', id: 'e-1', count: 12, person: PERSON, statedReason: 'Demande écrite du 3 mars' }
const backup = { destination: 'nas', by: 'clock', rows: 120, sha256: 'ab', bytes: 4096 }
const storage = { usedBytes: 900, quotaBytes: 1000 }
const breakGlass = {
  ...alarm,
  id: 'bg-1',
  statedReason: 'Arrêt cardiaque',
  until: AT + 900_000,
  dueAt: AT + 86_400_000,
}

type Samples = { readonly [K in EventKind]: VigieEvent & { readonly kind: K } }
const kinds = <K extends EventKind, E extends object>(event: E, ...names: K[]): { [N in K]: E & { kind: N } } =>
  Object.fromEntries(names.map(kind => [kind, { kind, ...event }])) as { [N in K]: E & { kind: N } }

export const SAMPLES: Samples = {
  ...kinds(
    {
      ...badged,
      command: 'c0a2',
      unlockMs: 5000,
      via: { kind: 'rule', role: 'nurse', right: 0 } as never,
      witness: WITNESS,
    },
    'access.granted',
  ),
  ...kinds({ ...badged, reason: 'outside-hours', because: 'nuit' } as const, 'access.denied'),
  ...kinds({ ...badged, reason: 'lockdown', because: 'plan-1', command: 'c0a2' } as const, 'access.withdrawn'),
  ...kinds({ ...badged, until: AT + 20_000 }, 'access.awaiting'),
  ...kinds({ ...place, device: 'cabinet-2', person: PERSON }, 'access.lapsed'),
  ...kinds({ ...alarm, wrong: 3, lockedUntil: AT, area: 'bloc' }, 'duress.raised', 'pin.alarm', 'passback.violated'),
  ...kinds(breakGlass, 'break-glass.opened'),
  ...kinds({ id: 'bg-1', person: PERSON, accessPoint: 'stup-2', why: 'expired' } as const, 'break-glass.ended'),
  ...kinds({ ...review, escalation: 2 }, 'break-glass.review-overdue'),
  ...kinds({ ...review, by: 'o-77', finding: 'justified', comment: 'Vu' } as const, 'break-glass.review-closed'),
  ...kinds({ plan: 'plan-1', by: 'o-77', until: AT }, 'lockdown.started', 'lockdown.ended'),
  ...kinds(
    { plan: 'feu', by: 'o-77' },
    'evacuation.started',
    'evacuation.ended',
    'evacuation.resumed',
    'evacuation.paused',
  ),
  ...kinds({ plan: 'feu', released: ['porte-1'], silent: ['porte-2'] }, 'evacuation.released'),
  ...kinds({ plan: 'feu', person: PERSON, accessPoint: 'porte-1', by: 'o-77' }, 'muster.counted'),
  ...kinds(grant, 'grant.issued', 'grant.revoked'),
  ...kinds({ credential: BADGE, person: PERSON, by: 'o-77', ended: 1 }, 'badge.lost'),
  ...kinds({ person: PERSON, by: 'o-77' }, 'pin.set', 'pin.cleared'),
  ...kinds({ by: 'o-77', zone: 'bloc', count: 3 }, 'passback.reset'),
  ...kinds({ by: 'o-77', accessPoint: 'sas-1', zone: 'bloc' }, 'interlock.reset'),
  ...kinds(lock, 'lock.unlocked', 'lock.kept', 'lock.locked', 'lock.refused', 'lock.failed'),
  ...kinds({ ...place, device: 'cabinet-2', command: 'c0a2', person: PERSON }, 'lock.silent'),
  ...kinds({ ...changed, person: PERSON }, 'point.opened'),
  ...kinds({ ...changed, openMs: 4200 }, 'point.closed'),
  ...kinds(changed, 'point.forced', 'point.locked', 'point.released', 'exit.requested'),
  ...kinds(changed, 'tamper.raised', 'tamper.cleared', 'state.changed'),
  ...kinds(
    { messages: [{ ...origin, zone: 'urgences', readings: [{ quantity: 'illuminance', value: 212, unit: 'lx' }] }] },
    'readings',
  ),
  ...kinds(device, 'device.online', 'device.offline', 'device.enrolled', 'device.renewed'),
  ...kinds(device, 'device.revoked', 'device.added', 'device.code'),
  ...kinds({ device: 'cabinet-2', refusal: 'invalid' as never, count: 3, field: 'at' }, 'device.refused'),
  ...kinds({ ...origin, missing: 2 }, 'device.gap'),
  ...kinds(
    {
      device: 'cabinet-2',
      refusal: 'duplicate',
      message: '1042-9f3c',
      deviceSeq: 1042,
      newest: 1044,
      count: 2,
    } as const,
    'device.replayed',
  ),
  ...kinds({ ...place, device: 'cabinet-2', request: '1042', outcome: 'refused' } as const, 'audit.unavailable'),
  ...kinds({ revision: 13, added: 1, changed: 2, removed: 0, origin: 'cli:root' }, 'rights.changed'),
  ...kinds({ ...operator, by: 'cli:root' }, 'operator.created'),
  ...kinds({ ...operator, person: PERSON, by: 'cli:root' }, 'operator.linked'),
  ...kinds(
    { ...operator, factor: 'totp' } as const,
    'operator.stepped-up',
    'operator.factor-added',
    'operator.factor-removed',
  ),
  ...kinds(operator, 'operator.password-changed'),
  ...kinds(
    {
      ...operator,
      by: 'o-77',
      after: { role: 'security', zones: ['urgences'], status: 'invited' },
      statedReason: 'arrivée',
    } as const,
    'operator.invited',
    'operator.reset',
    'operator.changed',
  ),
  ...kinds({ ...operator, capability: 'journal.export' }, 'operator.not-allowed'),
  ...kinds(
    { token: 't-1', by: 'o-77', capabilities: ['events.read'], expiresAt: 1_790_000_000_000 } as const,
    'token.created',
    'token.revoked',
  ),
  ...kinds(operator, 'operator.signed-in', 'operator.signed-out', 'operator.refused'),
  ...more,
  ...kinds({ by: 'o-77', rows: 50, what: 'search', filter: { zone: 'urgences' } } as const, 'journal.read'),
  ...kinds(
    {
      by: 'o-77',
      export: 'x-1',
      format: 'csv',
      filter: {},
      rows: 10,
      checkpoint: 120,
      names: true,
      sha256: 'ab',
      statedReason: 'Inspection de l’ARS',
      to: 'download',
    } as const,
    'journal.exported',
  ),
  ...kinds({ by: 'o-77', export: 'x-1', format: 'csv', error: 'disk-full' }, 'journal.export-failed'),
  ...kinds({ by: 'cli:root', from: 'a+1+b', to: 'a+2+c', note: 'vigie key rotation\n' }, 'journal.key-rotated'),
  ...kinds({ by: 'cli:root', from: 'age1old', to: 'age1new' }, 'backup.key-made'),
  ...kinds(
    { destination: 'syslog-1', purpose: 'forwarding', error: 'log-server-stuck', behind: 40 } as const,
    'destination.failed',
    'destination.recovered',
  ),
  ...kinds({ cause: 'term', ranges: '1-5,8', count: 6, purpose: 'passages' } as const, 'payloads.erased'),
  ...kinds(privacy, 'privacy.erasure-asked', 'privacy.erased', 'privacy.access-given', 'hold.placed', 'hold.released'),
  ...kinds({ error: 'journal-unwritable' }, 'privacy.purge-failed'),
  ...kinds(backup, 'backup.made', 'backup.failed', 'backup.overdue', 'backup.restored'),
  ...kinds(storage, 'storage.warning', 'storage.full', 'storage.recovered'),
  ...kinds({ version: '0.1.0' }, 'hub.started', 'hub.stopped'),
}

export const WHO = {
  [PERSON]: { name: 'Zoé Lefèvre-Dąbrowska', role: 'Infirmière' },
  [WITNESS]: { name: 'Éloïse Œillet', role: 'Cadre de santé' },
  'o-77': { name: 'Benoît Châtelain' },
}

/** A row of every kind, the last one erased. */
export const everyRow = (): ExportRow[] => {
  const rows = Object.values(SAMPLES).map((event, n) => ({
    seq: n + 1,
    at: AT + n * 61_000,
    kind: event.kind,
    event,
    who: WHO,
  }))
  const erased = { seq: rows.length + 1, at: AT + rows.length * 61_000, kind: 'access.denied', erasedBy: 3 }
  return [...rows, erased]
}

/** @param slice rows at a time */
export async function* sliced(rows: Iterable<ExportRow>, slice = 7): ExportRows {
  let held: ExportRow[] = []
  for (const row of rows) {
    held.push(row)
    if (held.length === slice) {
      yield held
      held = []
    }
  }
  yield held
}

const KEY = 'vigie-journal/2f3c5566778899aa+9931463e+AXoq0123456789abcdefghijklmnopqrstuvwxyzABCD='
const NOTE = `vigie-journal/2f3c5566778899aa
120
q1zL8wvPpJ8yZ7c3mJq0sXvC2d4eT5uR6oN7bK8aM9E=
chain 1u5lKqfI0f7YpFq2sWb0J0rZ7c3mJq0sXvC2d4eT5uQ=
time 1795335303412

— vigie-journal/2f3c5566778899aa mTFGPnQk0m2k3b1x7XoZq9fS4JmR8w2vE6yD1hT0uB5cN3iA7lP+KsG9eQdYtVfWzHjXrMoLaCbU4p8n6O5qS3R2wI=
`

const NAMES: Readonly<Record<string, string>> = {
  'stup-2': 'Armoire à stupéfiants, tiroir 2',
  urgences: 'Urgences adultes',
  'sas-1': 'Sas du bloc',
  bloc: 'Bloc opératoire',
  'porte-1': 'Issue côté parking',
}
/** @param changed what is to be otherwise */
export const aboutExport = (changed: Partial<ExportAbout> = {}): ExportAbout => ({
  site: { id: 'chu', name: 'Centre hospitalier de l’Œuvre', timezone: 'Europe/Paris' },
  filter: { zone: 'urgences', from: AT, until: AT + 86_400_000 },
  filterWords: [
    { field: 'Zone', value: 'Urgences adultes' },
    { field: 'Du', value: '22/11/2026 00:00' },
    { field: 'Au', value: '23/11/2026 00:00' },
  ],
  language: 'fr',
  askedAt: AT + 90_000_000,
  by: 'Benoît Châtelain',
  statedReason: 'Inspection de l’ARS\u202f: registre des stupéfiants, 3e trimestre',
  names: true,
  checkpoint: {
    size: 120,
    at: AT + 80_000_000,
    root: 'q1zL8wvPpJ8yZ7c3mJq0sXvC2d4eT5uR6oN7bK8aM9E=',
    note: NOTE,
    keys: [KEY],
  },
  exportId: 'x-0011223344556677',
  placeNames: id => (Object.hasOwn(NAMES, id) ? NAMES[id] : undefined),
  ...changed,
})

export async function textOf(bytes: AsyncIterable<Uint8Array | string>): Promise<string> {
  return Buffer.concat(await chunksOf(bytes)).toString('utf8')
}
export async function chunksOf(bytes: AsyncIterable<Uint8Array | string>): Promise<Buffer[]> {
  const chunks: Buffer[] = []
  for await (const chunk of bytes) chunks.push(Buffer.from(chunk as string))
  return chunks
}
