/** One delivery to receivers that are broken, slow or malicious: real TLS on this machine. */
import { writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isSignedBy, Receiver } from '../test/webhook-receiver.ts'
import { TestAuthority } from '../transport/testing/certificates.ts'
import { Outbound, type Resolve } from './outbound.ts'
import { WebhookClient } from './webhook-client.ts'
import { newWebhookSecret, signatureOf } from './webhook-signature.ts'

const receiver = new Receiver()
const secret = newWebhookSecret()
const never = new AbortController().signal
const clients: WebhookClient[] = []
beforeAll(async () => void (await receiver.start()))
afterAll(() => receiver.close())
afterEach(() => {
  for (const client of clients.splice(0)) client.stop()
  receiver.answer = 204
})

function client(hosts = ['localhost'], resolve?: Resolve, ca = receiver.ca): WebhookClient {
  const made = new WebhookClient({ outbound: new Outbound(hosts, resolve), ca, now: Date.now, timeoutMs: 700 })
  clients.push(made)
  return made
}
const message = (url = receiver.url) => ({ url, id: 'msg_w_1', body: '{"seq":1}', secrets: [secret] })
const send = async (made = client(), url = receiver.url) => {
  const { ms: _, ...result } = (await made.send(message(url), never)) ?? { ms: 0 }
  return result
}

it('signs as the published example of Standard Webhooks does', () => {
  // Of the test vectors of the specification's reference libraries.
  const signature = signatureOf(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    seconds: 1_614_265_330,
    body: '{"test": 2432232314}',
  })
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

describe('a receiver', () => {
  it('gets a signed POST, and its socket is used again', async () => {
    const one = client()
    const sockets = new Set<Socket>()
    receiver.answer = (response, received) => {
      if (response.socket) sockets.add(response.socket)
      response.writeHead(isSignedBy(secret, received) ? 200 : 400).end('ok')
    }
    for (let i = 0; i < 3; i++) expect(await send(one)).toEqual({ delivered: true, status: 200 })
    expect(sockets.size).toBe(1)
    expect(receiver.all.at(-1)?.headers).toMatchObject({ 'webhook-id': 'msg_w_1', 'user-agent': 'Vigie-Webhooks/1' })
  })

  it('that closed a kept socket is asked again at once', async () => {
    const one = client()
    expect(await send(one)).toMatchObject({ delivered: true })
    await receiver.stop()
    await receiver.start()
    expect(await send(one)).toMatchObject({ delivered: true })
  })

  it.each([
    [400, 'status'],
    [500, 'status'],
    [410, 'gone'],
    [304, 'redirect'],
  ])('that answers %i has not taken it', async (status, cause) => {
    receiver.answer = status
    expect(await send()).toEqual({ delivered: false, status, cause })
  })

  it('is told so where it asks for time', async () => {
    receiver.answer = response => response.writeHead(429, { 'retry-after': '120' }).end()
    expect(await send()).toMatchObject({ delivered: false, status: 429, waitMs: 120_000 })
  })

  it('that sends elsewhere is not followed', async () => {
    const from = receiver.all.length
    receiver.answer = response => response.writeHead(307, { location: receiver.at('/elsewhere') }).end()
    expect(await send()).toEqual({ delivered: false, status: 307, cause: 'redirect' })
    expect(receiver.all.slice(from).map(r => r.path)).toEqual(['/hook'])
  })

  it('that answers nothing, or drop by drop, or for ever, has its time', async () => {
    receiver.answer = () => undefined
    expect(await send()).toEqual({ delivered: false, cause: 'timeout' })
    receiver.answer = response => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('.'), 20)
      response.once('close', () => clearInterval(drip))
    }
    expect(await send()).toEqual({ delivered: false, cause: 'timeout' })
    receiver.answer = response => {
      const again = setInterval(() => response.writeProcessing(), 20)
      response.once('close', () => clearInterval(again))
    }
    expect(await send()).toEqual({ delivered: false, cause: 'timeout' })
  })

  it('that answers more than 64 kB, or no HTTP, is left', async () => {
    receiver.answer = response => response.writeHead(200).end(Buffer.alloc(65_537))
    expect(await send()).toEqual({ delivered: false, cause: 'too-large' })
    receiver.answer = response => response.writeHead(200).end(Buffer.alloc(65_536))
    expect(await send()).toEqual({ delivered: true, status: 200 })
    receiver.answer = response => response.writeHead(200, { 'x-long': 'x'.repeat(100_000) }).end()
    expect(await send()).toEqual({ delivered: false, cause: 'broken' })
    receiver.answer = response => response.socket?.end('220 mail.example\r\n')
    expect(await send()).toEqual({ delivered: false, cause: 'broken' })
  })

  it('is left in the middle when it is broken off', async () => {
    const stop = new AbortController()
    receiver.answer = () => stop.abort()
    expect(await client().send(message(), stop.signal)).toBeUndefined()
  })

  it('is not told anything where its certificate is from somebody else, or of another name', async () => {
    const from = receiver.all.length
    const other = join(receiver.dir, 'other.pem')
    writeFileSync(other, new TestAuthority('Somebody else').cert)
    expect(await send(client(['localhost'], undefined, other))).toEqual({ delivered: false, cause: 'certificate' })
    const named = client(['named.example', '127.0.0.0/8', '::1'], async () => [{ address: '127.0.0.1', family: 4 }])
    expect(await send(named, receiver.at('/hook', 'named.example'))).toEqual({ delivered: false, cause: 'certificate' })
    expect(await send(client(['localhost'], undefined, '/nowhere.pem'))).toEqual({
      delivered: false,
      cause: 'certificate',
    })
    expect(receiver.all.length).toBe(from)
  })

  it('that is none is said to be so', async () => {
    const gone = await new Receiver().start()
    await gone.close()
    expect(await send(client(), gone.url)).toEqual({ delivered: false, cause: 'unreachable' })
    expect(await send(client(['receiver.invalid']), 'https://receiver.invalid/')).toEqual({
      delivered: false,
      cause: 'dns',
    })
  })
})

describe('an address that may not be asked', () => {
  let guard: Server
  let connections = 0
  let port = 0
  beforeAll(async () => {
    guard = createServer(socket => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>(done => guard.listen(0, '127.0.0.1', done))
    port = (guard.address() as { port: number }).port
  })
  afterAll(() => guard.close())

  it('is not connected to when a name comes to mean it', async () => {
    let asked = 0
    const changing: Resolve = async () => {
      asked += 1
      return [{ address: asked === 1 ? '203.0.113.7' : '127.0.0.1', family: 4 }]
    }
    const outbound = new Outbound(['203.0.113.0/24'], changing)
    await outbound.check('rebound.example')
    const one = new WebhookClient({ outbound, ca: receiver.ca, now: Date.now, timeoutMs: 700 })
    clients.push(one)
    expect(await send(one, `https://rebound.example:${port}/`)).toEqual({ delivered: false, cause: 'address' })
    expect([asked, connections]).toEqual([2, 0])
  })

  it.each(['127.0.0.1', '2130706433', '[::ffff:127.0.0.1]', '0', '[::]'])('is not, written as %s', async host => {
    expect(await send(client(), `https://${host}:${port}/`)).toEqual({ delivered: false, cause: 'address' })
    expect(connections).toBe(0)
  })

  it('is not asked through a name that means several', async () => {
    const both = client(['named.example'], async () => [
      { address: '169.254.169.254', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ])
    expect(await send(both, `https://named.example:${port}/`)).toEqual({ delivered: false, cause: 'address' })
    expect(connections).toBe(0)
  })
})
