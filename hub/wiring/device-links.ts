/** The two doors that devices come through, as one: that for our own with certificates, and that for bought ones. */
import type { CommandMessage, DecisionMessage } from '#devices/messages.ts'
import type { BoughtDevice } from '../flows/bought.ts'
import type { DeviceLink, GatewayEdge, TlsMaterial } from '../ports.ts'
import { Broker, type BrokerOptions } from '../transport/broker.ts'
import { Gateways } from '../transport/gateways.ts'

export interface DeviceLinkOptions extends BrokerOptions {
  readonly gatewayEdge: GatewayEdge
  /** Address and port for bought devices; empty: they are not let in. */
  readonly boughtListen: string
  readonly bought: (device: string) => BoughtDevice | undefined
}

export class DeviceLinks implements DeviceLink {
  readonly #broker: Broker
  readonly #gateways: Gateways | undefined
  readonly #bought: DeviceLinkOptions['bought']

  constructor({ gatewayEdge, boughtListen, bought, ...options }: DeviceLinkOptions) {
    const { tls, now, log } = options
    this.#broker = new Broker(options)
    this.#bought = bought
    const at = boughtListen.lastIndexOf(':')
    const host = boughtListen.slice(0, at).replace(/[[\]]/g, '')
    const port = Number(boughtListen.slice(at + 1))
    this.#gateways = boughtListen === '' ? undefined : new Gateways({ edge: gatewayEdge, tls, host, port, now, log })
  }

  /** @throws VigieError port-in-use */
  async start(): Promise<{ readonly mqttPort: number; readonly boughtPort?: number }> {
    const { port: mqttPort } = await this.#broker.start()
    if (!this.#gateways) return { mqttPort }
    try {
      return { mqttPort, boughtPort: (await this.#gateways.start()).port }
    } catch (error) {
      await this.#broker.stop()
      throw error
    }
  }

  async stop(): Promise<void> {
    await this.#gateways?.stop()
    await this.#broker.stop()
  }

  decide(device: string, decision: DecisionMessage): boolean {
    return this.#broker.decide(device, decision)
  }

  command(device: string, command: CommandMessage): boolean {
    const behind = this.#bought(device)?.behind
    if (!behind) return this.#broker.command(device, command)
    const { on } = command
    const turned = behind.inverted && on !== undefined ? { ...command, on: !on } : command
    return this.#gateways?.order(behind.gateway, behind, turned) ?? false
  }

  cutSerial(serial: string): number {
    return this.#broker.cutSerial(serial) + (this.#gateways?.cutSerial(serial) ?? 0)
  }

  cutDevice(device: string): number {
    return this.#broker.cutDevice(device)
  }

  renewTls(tls: TlsMaterial): void {
    this.#broker.renewTls(tls)
    this.#gateways?.renewTls(tls)
  }
}
