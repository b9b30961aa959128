/**
 * A process of its own with either a bare aedes or Vigie's broker on the same TLS, for attacks on the process itself.
 * The parent sends one `Start`; the child answers `{port}`, and `{memoryBytes}` to each 'memory'.
 */
import { createServer } from 'node:tls'
import { Aedes } from 'aedes'
import type { DeviceEdge, TlsMaterial } from '#hub/ports.ts'
import { Broker } from '../broker.ts'

export interface Start {
  readonly kind: 'bare' | 'vigie'
  readonly tls: TlsMaterial
}

/** Any certificate of the authority stands for the device it names. */
const OPEN_EDGE: DeviceEdge = {
  identify: (serial, commonName) => ({ id: commonName, site: 'field-7', model: 'door', serial }),
  message: async () => undefined,
  status: async () => undefined,
  connected: () => undefined,
  disconnected: () => undefined,
  refused: () => undefined,
}

async function startBare({ key, cert, ca }: TlsMaterial): Promise<number> {
  const aedes = new Aedes()
  await aedes.listen()
  const server = createServer({ key, cert, ca, requestCert: true, minVersion: 'TLSv1.3' }, aedes.handle)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function startVigie(tls: TlsMaterial): Promise<number> {
  const limits = { deviceRate: 100_000, deviceBurst: 100_000 } // the attack is to meet the broker, not its rate limit
  const log = { warn: () => undefined }
  return (await new Broker({ edge: OPEN_EDGE, tls, port: 0, host: '127.0.0.1', limits, now: Date.now, log }).start())
    .port
}

process.on('message', async (message: Start | 'memory') => {
  if (message === 'memory') {
    const { rss } = process.memoryUsage()
    process.send?.({ memoryBytes: rss })
    return
  }
  process.send?.({ port: await (message.kind === 'bare' ? startBare(message.tls) : startVigie(message.tls)) })
})
process.on('disconnect', () => process.exit(0))
