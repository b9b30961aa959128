/** What a webhook is told survives the hub: stopped in the middle, killed in the middle, with a receiver that comes and goes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebhookMade } from '../api.ts'
import { smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'
import { Receiver } from './webhook-receiver.ts'

const SLOW_START_MS = 180_000
const PATIENT = { timeout: 240_000 }
const receiver = new Receiver()
const hub = new TestHub({ ...receiver.settings, VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000' })
let door = new TestDevice('door-1', 'test-site')
let path = ''

beforeAll(async () => {
  await receiver.start()
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await door.connect(hub)
  const wish = { name: 'Registre', url: receiver.url, kinds: ['access.denied'] }
  const { webhook } = await hub.admin.post<WebhookMade>('/api/v1/webhooks', wish)
  path = `/api/v1/webhooks/${webhook.id}`
}, SLOW_START_MS)
afterAll(async () => {
  await door.close()
  await hub.close()
  await receiver.close()
})

const deny = async (times: number): Promise<void> => {
  for (let i = 0; i < times; i++) await door.send('badge', { point: 'door', credential: { kind: 'uid', uid: VISITOR } })
}
const seqs = (): number[] => receiver.ofKind('access.denied').map(r => Number(r.event.seq))
const stored = async (): Promise<number[]> =>
  (await hub.journal(5_000)).filter(r => r.event.kind === 'access.denied').map(r => r.seq)

async function again(signal: NodeJS.Signals): Promise<void> {
  const sent = door.nextSeq()
  await hub.end(signal)
  await door.close()
  await hub.start()
  door = new TestDevice('door-1', 'test-site', sent)
  await door.connect(hub)
}

/** Each at least once; the first time of each in order; what came twice came again from further back, and was little. */
async function expectAll(most: number): Promise<void> {
  const wanted = await stored()
  await until('all of them', () => new Set(seqs()).size === wanted.length, 60_000)
  const got = seqs()
  expect([...new Set(got)]).toEqual(wanted)
  expect(got.length - wanted.length).toBeLessThanOrEqual(most)
}

describe('nothing is lost', PATIENT, () => {
  it('where the hub is stopped while the receiver holds an answer back', async () => {
    receiver.answer = (response, { event }) => {
      if (Number(event.seq) % 7 !== 0) response.writeHead(204).end()
    }
    await deny(40)
    await until('it hangs', () => seqs().length > 0 && (seqs().at(-1) ?? 0) % 7 === 0)
    receiver.answer = 204
    await again('SIGTERM')
    await expectAll(1)
  })

  it('where the hub is killed in the middle, five times', async () => {
    const before = seqs().length - new Set(seqs()).size
    for (let round = 0; round < 5; round++) {
      const from = seqs().length
      const sending = deny(60)
      await until('some are told', () => seqs().length > from + 10)
      await sending
      await again('SIGKILL')
    }
    // At most what was not written down yet: a batch of 50, or a second, for each.
    await expectAll(before + 5 * 60)
  })

  it('where the receiver is away for a while; and doors are none the slower for it', async () => {
    await receiver.stop()
    const quick = async (): Promise<number> => {
      const began = performance.now()
      for (let i = 0; i < 20; i++) await door.badge(VISITOR, 'door')
      return performance.now() - began
    }
    await quick()
    receiver.answer = () => undefined
    await receiver.start()
    const hanging = await quick()
    receiver.answer = 204
    const fine = await quick()
    expect(hanging).toBeLessThan(Math.max(fine * 4, 2_000))
    await expectAll(1_000)
    expect(await hub.get(path)).toMatchObject({ status: 'active', dead: 0 })
  })
})
