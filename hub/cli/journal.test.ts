import { expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import { NOON, Stage } from '../test/stage.ts'
import { tail } from './journal.ts'

const about = { device: 'cabinet-1', point: 'drawer-1', message: 'm', deviceSeq: 1, deviceAt: NOON, rights: 1 }
const opened = {
  ...about,
  kind: 'access.granted',
  person: 'p-1',
  credential: 'b-1',
  command: 'c',
  unlockMs: 5_000,
} as const
const ROWS: readonly [VigieEvent, string][] = [
  [
    { ...opened, via: { kind: 'rule', role: 'nurse', right: 2 }, witness: 'p-2' },
    'device=cabinet-1 point=drawer-1 person=p-1 witness=p-2 via=nurse/2',
  ],
  [{ ...opened, via: { kind: 'grant', grant: 'g-7' } }, 'device=cabinet-1 point=drawer-1 person=p-1 via=g-7'],
  [{ ...opened, via: { kind: 'break-glass', id: 'e-9' } }, 'device=cabinet-1 point=drawer-1 person=p-1 via=e-9'],
  [
    { ...about, kind: 'access.denied', reason: 'lockdown', because: 'storm', person: 'p-1' },
    'reason=lockdown because=storm device=cabinet-1 point=drawer-1 person=p-1',
  ],
  [
    { kind: 'lockdown.started', plan: 'storm', by: 'cli:a', until: NOON + 1_800_000 },
    'plan=storm until=2026-06-10T08:30:00Z by=cli:a',
  ],
  [
    {
      ...{ kind: 'break-glass.review-closed', id: 'e-9', person: 'p-1', accessPoint: 'drugs', zone: 'ward' },
      ...{ by: 'op-1', finding: 'justified' },
    } as VigieEvent,
    'accessPoint=drugs zone=ward person=p-1 finding=justified by=op-1',
  ],
  [
    {
      ...{ kind: 'grant.issued', grant: 'g-7', person: 'p-1', by: 'cli:a', origin: 'loan' },
      ...{ from: NOON, until: NOON + 60_000, zone: 'ward', classes: 'door,medicines' },
    } as VigieEvent,
    'zone=ward classes=door,medicines person=p-1 grant=g-7 until=2026-06-10T08:01:00Z origin=loan by=cli:a',
  ],
]

it('a line of the journal says who, by what, why and until when', async () => {
  const stage = await Stage.open()
  for (const [event] of ROWS) await stage.journal.append({ event, at: NOON })
  const lines: string[] = []
  const line = (text: string): void => void lines.push(text)
  const context = { db: stage.db, now: () => NOON, op: stage.op.bind(stage) }
  await tail(context, ROWS.length + 1, false, { language: 'en', json: false, line, result: () => undefined })
  expect(lines.slice(0, -1).map(l => l.replace(/^.*Z {2}/, '').split(/ {2,}/))).toEqual(
    ROWS.map(([{ kind }, words]) => [kind, words]),
  )
  await stage.close()
})
