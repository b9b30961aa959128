import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeviceState, LiveEvent, SiteView } from '../api.ts'
import type { Recorded, VigieEvent } from '../events.ts'
import { type Frame, gone, type Hello, heard, IDLE_MS, type LiveClient, startHub, type TestHub } from './http-hub.ts'

const SITE: SiteView = {
  site: { name: 'Field', timeZone: 'Europe/Paris' },
  zones: [],
  devices: [],
  lockdownPlans: [],
  evacuationPlans: [],
  accessPoints: [
    {
      id: 'morphine',
      name: 'Morphine',
      zone: 'ward',
      class: 'controlled-drugs',
      device: 'reader-1',
      point: 'reader',
      lock: { device: 'cabinet-1', point: 'drawer-1' },
    },
  ],
}
const device = (id: string): DeviceState => ({
  id,
  model: 'medicine-cabinet',
  name: id,
  status: 'enrolled',
  online: true,
  readings: {},
  refused: {},
  messages: 0,
})

let hub: TestHub
let cookie: string
let seq: number
async function start(options: Parameters<typeof startHub>[0] = {}): Promise<void> {
  hub = await startHub({ dashboard: 'missing', ...options })
  cookie = await hub.setUp()
  seq = 100
  hub.live.prime({ site: SITE, devices: [device('reader-1'), device('cabinet-1')], points: [], cursor: seq })
}
beforeEach(() => start())
afterEach(() => hub.stop())

function happens(event: VigieEvent): Recorded {
  const recorded = { seq: ++seq, at: hub.now, event }
  hub.journal.push({ seq, at: hub.now, kind: event.kind })
  hub.live.observe(recorded)
  return recorded
}
const origin = (deviceSeq: number, id = 'cabinet-1') => ({
  device: id,
  message: `m-${deviceSeq}`,
  deviceSeq,
  deviceAt: 0,
})
const opened = (n: number): VigieEvent => ({
  kind: 'point.opened',
  ...origin(n),
  point: 'drawer-1',
  accessPoint: 'morphine',
  zone: 'ward',
  person: 'p-1',
  state: { contact: 'open' },
})
const seqs = (events: readonly LiveEvent[]): number[] => events.map(e => e.seq)
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** Collects everything a page is told, and resolves when it has seen a journal seq. */
class PageMemory {
  readonly lines: LiveEvent[] = []
  readonly frames: Frame[] = []
  readonly hellos: Hello[] = []
  cursor = 0
  #waiting: { cursor: number; done: () => void }[] = []

  constructor(client: LiveClient) {
    client.on('hello', hello => this.#take(this.hellos.push(hello) && hello.missed, hello.cursor))
    client.on('frame', frame => this.#take(this.frames.push(frame) && frame.events, frame.cursor))
  }
  #take(events: readonly LiveEvent[] | 0, cursor: number): void {
    this.lines.push(...(events || []))
    this.cursor = cursor
    for (const w of this.#waiting) if (w.cursor <= cursor) w.done()
    this.#waiting = this.#waiting.filter(w => w.cursor > cursor)
  }
  reaches(cursor: number): Promise<void> {
    if (this.cursor >= cursor && this.hellos.length > 0) return Promise.resolve()
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`page stands at ${this.cursor}, not ${cursor}`)), 20_000)
      const reached = (): void => {
        clearTimeout(timer)
        done()
      }
      this.#waiting.push({ cursor, done: reached })
    })
  }
}

/** The answer to a bare upgrade request: what a browser sees before any WebSocket exists. */
function upgrade(
  headers: Record<string, string>,
  path = '/socket.io/?EIO=4&transport=websocket',
): Promise<{ status: number; text: string }> {
  const all = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  }
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: hub.httpPort, path, headers: all, agent: false })
    sent.on('error', reject)
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, text: '' })
    })
    sent.on('response', async response => {
      const text = (await response.toArray()).join('')
      resolve({ status: response.statusCode ?? 0, text })
    })
    sent.end()
  })
}

describe('the handshake', () => {
  const own = () => `http://127.0.0.1:${hub.httpPort}`

  it('takes a signed-in page over both listeners', async () => {
    for (const tls of [false, true]) {
      const hello = await heard(hub.connect(cookie, { tls }), 'hello')
      expect(hello).toMatchObject({ cursor: 100, now: hub.now, gap: false, missed: [], hub: hub.health() })
      expect(hello.devices.map(d => d.id)).toEqual(['reader-1', 'cabinet-1'])
    }
  })

  it('refuses a page of another site with 403, cookie or not', async () => {
    for (const foreign of [
      'https://evil.example',
      'null',
      `http://localhost:${hub.httpPort}`,
      `https://127.0.0.1:${hub.httpPort}`,
      `http://127.0.0.1:${hub.httpPort}.evil.example`,
    ]) {
      const { status, text } = await upgrade({ origin: foreign, cookie })
      expect([foreign, status, JSON.parse(text).code]).toEqual([foreign, 403, 'origin-refused'])
    }
    expect((await upgrade({ origin: own(), cookie })).status).toBe(101)
  })

  it('refuses without a session with 401, under a foreign host with 421, on another path with 404', async () => {
    expect((await upgrade({ origin: own() })).status).toBe(401)
    expect((await upgrade({ origin: own(), cookie: '__Host-vigie=x' })).status).toBe(401)
    expect((await upgrade({ origin: 'http://evil.example', host: 'evil.example', cookie })).status).toBe(421)
    expect((await upgrade({ origin: own(), cookie }, '/api/v1/site')).status).toBe(404)
  })

  it('refuses a transport other than WebSocket', async () => {
    const answer = await hub.ask('/socket.io/?EIO=4&transport=polling', { cookie })
    expect(answer.status).toBe(404)
  })

  it('takes 20 sockets of one session and refuses the next', async () => {
    for (let i = 0; i < 20; i++) await heard(hub.connect(cookie), 'hello')
    expect((await upgrade({ origin: own(), cookie })).status).toBe(429)
  })

  it('puts out a client that talks', async () => {
    const client = hub.connect(cookie)
    await heard(client, 'hello')
    const over = gone(client)
    ;(client as { emit(event: string, what: string): unknown }).emit('unlock', 'drawer-1')
    expect(await over).toBe('io server disconnect')
  })
})

describe('what a page is told', () => {
  it('is a line with the name joined, and the point as it is now', async () => {
    const client = hub.connect(cookie)
    await heard(client, 'hello')
    const next = heard(client, 'frame')
    happens(opened(1))
    const frame = await next
    expect(frame.events).toEqual([
      {
        seq: 101,
        at: hub.now,
        kind: 'point.opened',
        device: 'cabinet-1',
        point: 'drawer-1',
        accessPoint: 'morphine',
        zone: 'ward',
        person: { name: 'C. Marchand', role: 'Infirmière' },
      },
    ])
    expect(frame.points).toMatchObject([{ device: 'cabinet-1', point: 'drawer-1', contact: 'open', since: hub.now }])
    expect(frame.cursor).toBe(101)
  })

  it('is a burst of 5,000 events in a handful of frames, each event once', async () => {
    const page = new PageMemory(hub.connect(cookie))
    await page.reaches(100)
    for (let i = 1; i <= 5_000; i++) {
      happens(opened(i))
      if (i % 500 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await page.reaches(5_100)
    expect(seqs(page.lines)).toEqual(range(101, 5_100))
    expect(page.frames.length).toBeLessThan(20)
    expect(page.hellos).toHaveLength(1)
  })

  it('is no line for readings, but the state and the cursor', async () => {
    const page = new PageMemory(hub.connect(cookie))
    await page.reaches(100)
    happens({
      kind: 'readings',
      messages: [{ ...origin(1), readings: [{ quantity: 'illuminance', value: 212, unit: 'lx' }] }],
    })
    await page.reaches(101)
    expect(page.lines).toEqual([])
    expect(page.frames.at(-1)?.devices).toMatchObject([
      { id: 'cabinet-1', messages: 1, readings: { illuminance: { value: 212, unit: 'lx', at: hub.now } } },
    ])
  })

  it('starts with the newest 200 lines of the journal, oldest first', async () => {
    hub.journal = range(1, 300).map(n => ({ seq: n, at: n, kind: 'point.opened' as const }))
    seq = 300
    hub.live.prime({ site: SITE, devices: [], points: [], cursor: 300 })
    const hello = await heard(hub.connect(cookie), 'hello')
    expect(seqs(hello.missed)).toEqual(range(101, 300))
    expect(hello.gap).toBe(false)
  })

  it('is everything anew when the site changes', async () => {
    const client = hub.connect(cookie)
    await heard(client, 'hello')
    happens(opened(1))
    const next = heard(client, 'hello')
    hub.live.siteChanged(SITE, [device('reader-1')])
    const hello = await next
    expect(hello.devices.map(d => d.id)).toEqual(['reader-1'])
    expect(hello.points).toEqual([])
    expect(seqs(hello.missed).every(n => n === 101)).toBe(true)
  })
})

describe('coming back', () => {
  it('brings exactly what was missed, nothing lost and nothing twice, at every point of the stream', async () => {
    const page = hub.connect(cookie)
    await heard(page, 'hello')
    let cursor = 100
    const lines: LiveEvent[] = []
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 40; i++) happens(opened(round * 100 + i))
      const memory = new PageMemory(hub.connect(cookie, { cursor }))
      for (let i = 40; i < 80; i++) {
        happens(opened(round * 100 + i))
        await new Promise(resolve => setImmediate(resolve)) // hello and frames meet in the middle of a stream
      }
      await memory.reaches(seq)
      expect(memory.hellos.map(h => h.gap)).toEqual([false])
      lines.push(...memory.lines)
      cursor = memory.cursor
      hub.clients.at(-1)?.disconnect()
    }
    expect(seqs(lines)).toEqual(range(101, 500))
  })

  it('after longer than the memory reaches says so and gives the newest 200', async () => {
    await hub.stop()
    await start({ held: 50 })
    for (let i = 1; i <= 300; i++) happens(opened(i))
    const late = await heard(hub.connect(cookie, { cursor: 349 }), 'hello')
    expect([late.gap, late.missed.length]).toEqual([true, 200])
    expect(seqs(late.missed)).toEqual(range(201, 400))
    const justInTime = await heard(hub.connect(cookie, { cursor: 350 }), 'hello')
    expect([justInTime.gap, seqs(justInTime.missed)]).toEqual([false, range(351, 400)])
  })

  it.each([99, 5_000, -1, 1.5, Number.NaN])(
    'with the cursor %s, from before the start or never given, is told the truth',
    async cursor => {
      happens(opened(1))
      const hello = await heard(hub.connect(cookie, { cursor }), 'hello')
      expect(hello.gap).toBe(Number.isSafeInteger(cursor) && cursor >= 0)
      expect(seqs(hello.missed)).toEqual([101])
    },
  )

  it('while the journal cannot be read shows what is in memory, and that something is missing', async () => {
    await hub.stop()
    await start({
      events: (_, operator) => {
        throw new Error(`no reading for ${operator}`)
      },
    })
    happens(opened(1))
    const hello = await heard(hub.connect(cookie), 'hello')
    expect([hello.gap, seqs(hello.missed)]).toEqual([true, [101]])
    expect(hub.logged[0]).toMatchObject({ details: { cause: 'no reading for op-claire' } })
  })
})

describe('the end of a session', () => {
  const ending = async (act: () => unknown): Promise<[unknown, number]> => {
    const client = hub.connect(cookie)
    await heard(client, 'hello')
    const [why, over] = [heard(client, 'ended'), gone(client)]
    const from = performance.now()
    await act()
    const reason = await why
    await over
    return [reason, performance.now() - from]
  }

  it('by sign-out cuts the socket at once', async () => {
    const [why, ms] = await ending(() => hub.ask('/api/v1/session', { method: 'DELETE', cookie }))
    expect(why).toBe('signed-out')
    expect(ms).toBeLessThan(1_000)
  })

  it('by idling cuts it within a second: an open page is no sign of life', async () => {
    const [why, ms] = await ending(() => {
      hub.now += IDLE_MS
    })
    expect(why).toBe('expired')
    expect(ms).toBeLessThan(1_000)
    expect(hub.recorded.at(-1)).toEqual({ kind: 'operator.signed-out', operator: 'op-claire', reason: 'expired' })
  })

  it('by another process, or with its account, cuts it within a second', async () => {
    const [why, ms] = await ending(() => hub.accounts.rows.clear())
    expect(why).toBe('account')
    expect(ms).toBeLessThan(1_000)
  })

  it('cuts even a page that does not read', async () => {
    const client = hub.connect(cookie)
    await heard(client, 'hello')
    pause(client)
    expect(hub.openSockets()).toBe(1)
    await hub.ask('/api/v1/session', { method: 'DELETE', cookie })
    await hub.socketsClosed()
    expect(hub.openSockets()).toBe(0)
  })
})

describe('a page that does not read', () => {
  it('stops nobody else, has nothing queued for it, and is told of the gap once it reads again', async () => {
    const frozen = hub.connect(cookie)
    const frozenPage = new PageMemory(frozen)
    const quick = new PageMemory(hub.connect(cookie))
    await Promise.all([frozenPage.reaches(100), quick.reaches(100)])
    const thaw = pause(frozen)
    const large = { zone: 'w'.repeat(4_000) } // 48 MB in all: more than the kernel takes off our hands
    for (let round = 0; round < 12; round++) {
      for (let i = 0; i < 1_000; i++) happens({ ...opened(round * 1_000 + i), ...large } as VigieEvent)
      await quick.reaches(seq)
    }
    expect(seqs(quick.lines)).toEqual(range(101, 12_100))
    thaw()
    await frozenPage.reaches(seq)
    const renewed = frozenPage.hellos.at(-1)
    expect([frozenPage.hellos.length, renewed?.gap, renewed?.missed.length, renewed?.missed.at(-1)?.seq]).toEqual([
      2,
      true,
      200,
      seq,
    ])
    expect(frozenPage.lines.length).toBeLessThan(7_500)
    expect(new Set(seqs(frozenPage.lines)).size).toBe(frozenPage.lines.length)
  })
})

describe('with nobody watching', () => {
  it('2,000 events take a small fraction of a second and join no name', async () => {
    const from = performance.now()
    for (let i = 1; i <= 2_000; i++) happens(opened(i))
    expect(performance.now() - from).toBeLessThan(200) // about 5 ms; the limit leaves room for a busy machine
    expect(hub.namesJoined).toBe(0)
    expect(hub.live.model.pointsOf('cabinet-1')).toMatchObject([{ contact: 'open' }])
    expect((await heard(hub.connect(cookie, { cursor: 2_090 }), 'hello')).missed).toHaveLength(10)
    expect(hub.namesJoined).toBe(10)
  })
})

/** Stops reading at the TCP socket, as a frozen browser does. @returns the function that goes on */
function pause(client: LiveClient): () => void {
  const transport = client.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }
  transport.ws._socket.pause()
  return () => transport.ws._socket.resume()
}
