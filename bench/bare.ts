/**
 * The baseline: the same broker library with the same TLS, certificates and session settings, a subscriber in the same
 * process that answers each badge at once, and nothing else: no checks, no rights, no journal.
 */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { parseArgs } from 'node:util'
import { Aedes, type AedesPublishPacket } from 'aedes'
import { parseTopic, topics } from '#devices/messages.ts'

const EXPIRY_MS = 5_000
const { values } = parseArgs({ options: { server: { type: 'string' }, ca: { type: 'string' } } })
const pem = (file: string | undefined): string => readFileSync(file ?? '', 'utf8')

const broker = await Aedes.createBroker({ concurrency: 100, drainTimeout: 3_000, connectTimeout: 5_000 })
let answered = 0
let readings = 0

/** `done` does not wait for the reply: replies share the exchange's places with what they answer, and would wait for each other. */
function answer(packet: AedesPublishPacket, done: () => void): void {
  const topic = parseTopic(packet.topic)
  const { id } = JSON.parse(packet.payload.toString()) as { id: string }
  answered++
  const expiresAt = new Date(Date.now() + EXPIRY_MS).toISOString()
  const payload = JSON.stringify({
    id: `d-${answered}`,
    request: id,
    granted: true,
    reason: 'granted',
    unlockMs: 5_000,
    expiresAt,
  })
  const decision = topics.down(topic?.site ?? '', topic?.device ?? '', 'decision')
  broker.publish({ cmd: 'publish', topic: decision, payload, qos: 0, retain: false, dup: false }, () => undefined)
  done()
}

broker.subscribe('vigie/v1/+/+/up/badge', answer, () => undefined)
broker.subscribe(
  'vigie/v1/+/+/up/reading',
  (_packet, done) => {
    readings++
    done()
  },
  () => undefined,
)

const server = createServer(
  {
    key: pem(values.server),
    cert: pem(values.server),
    ca: pem(values.ca),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    noDelay: true,
  },
  socket => {
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    broker.handle(socket)
  },
)
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ msg: 'ready', mqttPort: port, pid: process.pid })}\n`)
})
process.on('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify({ msg: 'counts', answered, readings })}\n`, () => process.exit(0))
})
process.on('SIGINT', () => process.exit(0))
