/** The one door to aedes. */
import { Aedes, type AedesOptions, type Client, type ConnectPacket, type PublishPacket, type Subscription } from 'aedes'

export type { Client, ConnectPacket, PublishPacket, Subscription }

type Done = (error?: Error) => void

/**
 * aedes without its exchange: it speaks MQTT, but no message goes from one client to another, none is retained and none
 * queued. What devices say is handed to the hub inside authorizePublish, and what the hub says is written to one
 * socket; so no device can reach, slow down or overflow the delivery to another, whatever it subscribes to.
 */
export class Mqtt extends Aedes {
  constructor(options: AedesOptions) {
    super({ ...options, concurrency: 100, queueLimit: 8, maxInflightInbound: 16, maxTopicLevels: 8 })
  }

  override publish(_packet: PublishPacket, clientOrDone: Client | Done | null, done?: Done): void {
    if (done) done()
    else if (typeof clientOrDone === 'function') clientOrDone()
  }

  override subscribe(_topic: string, _deliver: unknown, done?: () => void): void {
    if (done) setImmediate(done)
  }

  override unsubscribe(_topic: string, _deliver: unknown, done?: () => void): void {
    if (done) setImmediate(done)
  }
}
