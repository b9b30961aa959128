/** Home Assistant sees what the devices show, on its own broker. It reads; lamps alone take orders, where that was allowed. */
import { randomUUID } from 'node:crypto'
import { canDo } from '#devices/registry.ts'
import { HaLink } from '../notify/ha-link.ts'
import {
  configTopic,
  DISCOVERY,
  deviceOfConfig,
  discoveryOf,
  type HaOptions,
  HaStates,
  hubTopic,
  orderIn,
  ordersFilter,
} from '../notify/home-assistant.ts'
import type { LaterNeeds, Service } from './services.ts'
import { siteViewOf } from './web.ts'

/** An order to a lamp that comes later lights nothing. */
const EXPIRY_MS = 5_000
/** Orders a second, and at once: Home Assistant's slider sends many. */
const RATE = 10
const BURST = 30

export function homeAssistant(needs: LaterNeeds): Service {
  const { config, registry, observe, log, version } = needs
  if (config.haUrl === '') return {}
  const site = registry().site.site.id ?? 'site'
  const options: HaOptions = { site, version, drivesLights: config.haLights === 'driven' }
  const states = new HaStates(options)
  states.modelOf = device => registry().site.devices.find(d => d.id === device)?.model
  let shown = registry().site.devices
  const isOurs = (device: string): boolean => registry().site.devices.some(d => d.id === device)
  const link: HaLink = new HaLink({
    url: config.haUrl,
    ...{ caFile: config.haCa, certFile: config.haCert, keyFile: config.haKey },
    will: { topic: hubTopic(site), payload: 'offline' },
    filters: [`${DISCOVERY}/+/config`, ...(options.drivesLights ? [ordersFilter(site)] : [])],
    onRetained: topic => {
      const device = deviceOfConfig(site, topic)
      if (device !== undefined && !isOurs(device)) link.remove(topic)
    },
    onMessage: (topic, payload) => order(topic, payload),
    onConnected: () => describe(),
    log,
  })
  function describe(): void {
    const view = siteViewOf(registry())
    link.show(view.devices.flatMap(device => discoveryOf(device, view, options) ?? []))
    link.show([{ topic: hubTopic(site), payload: 'online' }])
  }
  /** The site may have changed; a device that has left it is shown no more. */
  function follow(): void {
    const { devices } = registry().site
    if (devices === shown) return
    for (const { id } of shown) if (!isOurs(id)) link.remove(configTopic(site, id))
    shown = devices
    describe()
  }
  const pace = { left: BURST, at: 0 }
  function order(topic: string, payload: Buffer): void {
    const wish = orderIn(topic, payload)
    const model = wish && states.modelOf(wish.device)
    if (!wish || model === undefined || !canDo(model, wish.point, 'set') || !taken(pace, needs.now())) return
    const { device, ...lamp } = wish
    const expiresAt = new Date(needs.now() + EXPIRY_MS).toISOString()
    needs.command(device, { id: randomUUID(), action: 'set', expiresAt, ...lamp })
  }
  return {
    start: () => {
      observe('home-assistant', ({ event }) => {
        follow()
        link.show(states.of(event))
      })
      link.start()
    },
    stop: () => link.stop(),
  }
}

function taken(pace: { left: number; at: number }, now: number): boolean {
  pace.left = Math.min(BURST, pace.left + ((now - pace.at) / 1000) * RATE)
  pace.at = now
  if (pace.left < 1) return false
  pace.left -= 1
  return true
}
