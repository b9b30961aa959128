import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TestAuthority } from '../transport/testing/certificates.ts'
import { SmsGateway, SmsModem } from './sms.ts'

const dir = mkdtempSync(join(tmpdir(), 'vigie-sms-'))
const ca = join(dir, 'ca.pem')
const sms = { to: '+33600000001', text: "Vigie ALERTE: Intrusion, l'été, 02:46" }
interface Asked {
  readonly method: string
  readonly path: string
  readonly auth: string
  readonly body: string
}
const asked: Asked[] = []
/** What the gateway answers: a status and what it says; undefined: nothing, ever. */
let answer: (of: Asked) => readonly [number, unknown] | undefined = () => [201, { sid: 'SM1', status: 'queued' }]
let server: Server
let gateway: SmsGateway

beforeAll(async () => {
  const authority = new TestAuthority('Gateway')
  writeFileSync(ca, authority.cert)
  server = createServer(authority.issue('localhost'), (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (c: Buffer) => chunks.push(c))
    request.on('end', () => {
      const auth = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString()
      const of = { method: request.method ?? '', path: request.url ?? '', auth, body: Buffer.concat(chunks).toString() }
      asked.push(of)
      const said = answer(of)
      if (said) response.writeHead(said[0], { 'content-type': 'application/json' }).end(JSON.stringify(said[1]))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  gateway = new SmsGateway(
    { url: `https://AC1:to%3Aken@localhost:${port}/2010-04-01/Accounts/AC1/`, from: '+33700000000', ca },
    1_000,
  )
})
afterEach(() => asked.splice(0))
afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(dir, { recursive: true })
})

describe('by a gateway', () => {
  it('is handed over as its form says, and has a name from then on', async () => {
    expect(await gateway.send(sms)).toEqual({ is: 'handed-over', ref: 'SM1' })
    expect(asked).toMatchObject([
      { method: 'POST', path: '/2010-04-01/Accounts/AC1/Messages.json', auth: 'AC1:to:ken' },
    ])
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      ...{ To: sms.to, From: '+33700000000', Body: sms.text },
    })
  })
  it.each([
    [500, { is: 'passing', cause: 'server-error' }],
    [429, { is: 'passing', cause: 'server-error' }],
    [400, { is: 'refused', cause: 'refused' }],
    [401, { is: 'refused', cause: 'refused' }],
    [302, { is: 'refused', cause: 'refused' }],
  ])('%i comes to %j', async (status, outcome) => {
    answer = () => [status, { message: 'no' }]
    expect(await gateway.send(sms)).toEqual(outcome)
  })
  it('that says yes and gives it no name has lost it', async () => {
    for (const said of [{}, [], 'ok', { sid: 7 }]) {
      answer = () => [200, said]
      expect(await gateway.send(sms)).toEqual({ is: 'refused', cause: 'unconfirmed' })
    }
  })
  it('that hangs, or is no gateway, passes', async () => {
    answer = () => undefined
    expect(await gateway.send(sms)).toEqual({ is: 'passing', cause: 'unreachable' })
    const other = new SmsGateway({ url: 'https://a:b@localhost:1/x', from: '+33700000000', ca: '' }, 1_000)
    expect(await other.send(sms)).toEqual({ is: 'passing', cause: 'unreachable' })
  })
  it.each([
    ['queued', 'unknown'],
    ['sent', 'unknown'],
    ['delivered', 'delivered'],
    ['undelivered', 'refused'],
    ['failed', 'refused'],
    ['something new', 'refused'],
  ])('asked later and told %s, it is %s', async (status, is) => {
    answer = () => [200, { sid: 'SM1', status }]
    expect((await gateway.ask('SM1')).is).toBe(is)
    expect(asked[0]?.path).toBe('/2010-04-01/Accounts/AC1/Messages/SM1.json')
  })
  it('after a crash it is asked whether it has this one', async () => {
    answer = () => [
      200,
      {
        messages: [
          { sid: 'SM8', body: 'other' },
          { sid: 'SM9', body: sms.text },
        ],
      },
    ]
    expect(await gateway.find(sms)).toEqual({ is: 'handed-over', ref: 'SM9' })
    answer = () => [200, { messages: [] }]
    expect(await gateway.find(sms)).toBeUndefined()
    answer = () => [500, {}]
    expect(await gateway.find(sms)).toBeUndefined()
  })
})

function hasGammu(): boolean {
  try {
    execFileSync('gammu', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    if (process.env.VIGIE_TEST_REQUIRE === 'all') throw new Error('gammu is missing: apt-get install gammu')
    return false
  }
}
describe.skipIf(!hasGammu())('by a modem (needs gammu)', () => {
  const config = join(dir, 'gammurc')
  beforeAll(() => {
    mkdirSync(join(dir, 'phone'))
    writeFileSync(config, `[gammu]\nmodel = dummy\nconnection = none\ndevice = ${join(dir, 'phone')}\n`)
  })
  it('the network has taken it, one after the other', async () => {
    const modem = new SmsModem(config)
    expect(await Promise.all([modem.send(sms), modem.send(sms)])).toEqual([{ is: 'delivered' }, { is: 'delivered' }])
  })
  it('that is not there, or a program that is not, passes', async () => {
    writeFileSync(join(dir, 'none'), '[gammu]\nconnection = at\ndevice = /dev/no-such-modem\n')
    const gone = { is: 'passing', cause: 'unreachable' }
    expect(await new SmsModem(join(dir, 'none')).send(sms)).toEqual(gone)
    expect(await new SmsModem(config, join(dir, 'no-such-program')).send(sms)).toEqual(gone)
  })
  it('what is no number never reaches a command line', async () => {
    for (const to of ['--help', '0612345678', '+', '+33 6', '+33600000001\n'])
      expect(await new SmsModem(config).send({ ...sms, to })).toEqual({ is: 'refused', cause: 'refused' })
  })
})
