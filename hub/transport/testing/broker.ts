/** A broker on a free port of loopback with an authority of its own, for one test. */
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { onTestFinished } from 'vitest'
import { topics } from '#devices/messages.ts'
import type { DeviceIdentity } from '#hub/ports.ts'
import { Broker, type BrokerOptions } from '../broker.ts'
import type { ConnectBytes } from './bytes.ts'
import { TestAuthority, type TestCertificate } from './certificates.ts'
import { RecordingEdge } from './edge.ts'
import { type Dial, RawDevice } from './raw.ts'

export const SITE = 'field-7'
export const STATUS = (device: string): string => topics.status(SITE, device)
export const BADGE = (device: string): string => topics.up(SITE, device, 'badge')
export const DOWN = (device: string): string => topics.downAll(SITE, device)

export interface LogLine {
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/** Key generation is what costs here, so one authority and one server certificate serve a test file. */
const AUTHORITY = new TestAuthority()
const SERVER = AUTHORITY.issue('vigie')

export class TestBroker {
  readonly authority = AUTHORITY
  readonly edge = new RecordingEdge()
  readonly log: LogLine[] = []
  readonly broker: Broker
  port = 0

  constructor(options: Partial<BrokerOptions>) {
    const log = { warn: (fields: LogLine['fields'], message: string) => void this.log.push({ fields, message }) }
    const base = { edge: this.edge, tls: this.tls([]), port: 0, host: '127.0.0.1', now: Date.now, log }
    this.broker = new Broker({ ...base, ...options })
  }

  static async start(options: Partial<BrokerOptions> = {}): Promise<TestBroker> {
    const site = new TestBroker(options)
    site.port = (await site.broker.start()).port
    onTestFinished(() => site.broker.stop())
    return site
  }

  tls(revoked: readonly string[]): BrokerOptions['tls'] {
    return { key: SERVER.key, cert: SERVER.cert, ca: AUTHORITY.cert, crl: AUTHORITY.crl(revoked) }
  }

  /** A certificate that the edge knows as this device's. */
  enrol(id: string): TestCertificate {
    const certificate = AUTHORITY.issue(id)
    this.know(certificate, id)
    return certificate
  }

  know(certificate: TestCertificate, id: string): DeviceIdentity {
    const device = { id, site: SITE, model: 'door', serial: certificate.serial }
    this.edge.devices.set(certificate.serial, device)
    return device
  }

  dial(certificate?: TestCertificate, tls: Dial['tls'] = {}): Dial {
    return { port: this.port, ca: AUTHORITY.cert, tls, ...(certificate ? { certificate } : {}) }
  }

  /** A device with an accepted CONNECT, its bytes in the test's hands. */
  async raw(id: string, connect: Partial<ConnectBytes> = {}, certificate = this.enrol(id)): Promise<RawDevice> {
    const arrivals = this.#arrivals(id)
    const device = await RawDevice.online(this.dial(certificate), { clientId: id, ...connect })
    onTestFinished(() => device.destroy())
    await this.edge.until(() => this.#arrivals(id) > arrivals, `${id} online`)
    return device
  }

  /** A stock MQTT client. */
  async client(id: string, options: IClientOptions = {}, certificate = this.enrol(id)): Promise<MqttClient> {
    const { key, cert } = certificate
    const url = `mqtts://127.0.0.1:${this.port}`
    const ids = { clientId: id, key, cert, ca: AUTHORITY.cert, reconnectPeriod: 0 }
    const arrivals = this.#arrivals(id)
    const client = await mqtt.connectAsync(url, { ...ids, ...options })
    client.on('error', () => undefined) // tests look at 'close'
    onTestFinished(() => client.endAsync(true))
    await this.edge.until(() => this.#arrivals(id) > arrivals, `${id} online`)
    return client
  }

  #arrivals(id: string): number {
    return this.edge.presence.filter(p => p === `+${id}`).length
  }
}
