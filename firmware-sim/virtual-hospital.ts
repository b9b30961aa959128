/** The whole hospital: its devices connected, its people moving, its faults happening. */
import { credentialsFor } from './certificates.ts'
import type { Planned } from './day.ts'
import { type DeviceEvent, VirtualDevice } from './device.ts'
import { SimFailure } from './failure.ts'
import { amountOf, type Fault } from './faults.ts'
import { TIME_ZONE } from './hospital.ts'
import { INSTALLED, type Installed, someDevices } from './hospital-devices.ts'
import { Life } from './life.ts'
import type { Act } from './models/behaviour.ts'
import { seeded } from './random.ts'

export interface HospitalOptions {
  /** mqtts://host:port */
  readonly url: string
  readonly siteId: string
  readonly certsFolder: string
  readonly stateFolder: string
  readonly seed: number
  /** Hospital seconds per real second. */
  readonly speed: number
  readonly devices?: number
  /** Just these, by id, instead of the first so many. */
  readonly only?: ReadonlySet<string>
  /** False: nobody comes; what happens is performed. */
  readonly life?: false
  readonly faults?: readonly Fault[]
  readonly onEvent?: (event: DeviceEvent) => void
  readonly onPlayed?: (played: Planned) => void
}

/** Connections are made one after the other at this distance: a building is powered up room by room. */
const STAGGER_MS = 15
const POWER_OFF_MS = 5_000

export class VirtualHospital {
  readonly #options: HospitalOptions
  readonly #devices = new Map<string, VirtualDevice>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #life: Life | undefined
  #stopped = false

  constructor(options: HospitalOptions) {
    this.#options = options
  }

  get online(): number {
    return [...this.#devices.values()].filter(d => d.online).length
  }

  get size(): number {
    return this.#devices.size
  }

  /** The hospital's own time, ms since 1970 UTC. */
  now(): number {
    return this.#life?.now() ?? Date.now()
  }

  /** Resolves when every device has begun to connect. @throws SimFailure if a certificate or a fault's device is missing. */
  async start(): Promise<void> {
    const { faults = [], devices = INSTALLED.length, only } = this.#options
    const chosen = only ? INSTALLED.filter(d => only.has(d.id)) : someDevices(devices)
    checkFaults(faults, chosen)
    const ids = chosen.map(d => d.id)
    for (const installed of chosen) this.#devices.set(installed.id, await this.#make(installed, ids))
    for (const [i, device] of [...this.#devices.values()].entries()) this.#in(i * STAGGER_MS, () => device.start())
    if (this.#options.life !== false) this.#awaken()
    for (const id of ids) this.#loosenPlug(id)
  }

  /** Something happens to one device. @throws Error if it is not one of the chosen */
  perform(device: string, act: Act): void {
    const found = this.#devices.get(device)
    if (!found) throw new Error(`no device ${device} on stage`)
    found.perform(act)
  }

  /** Everyone goes home; every device says `online: false`. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#life?.stop()
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all([...this.#devices.values()].map(d => d.stop()))
  }

  #awaken(): void {
    const { seed, speed, onPlayed } = this.#options
    const life = new Life({
      actors: this.#devices,
      seed,
      speed,
      timeZone: TIME_ZONE,
      ...(onPlayed ? { onPlayed } : {}),
    })
    this.#life = life
    this.#in(this.#devices.size * STAGGER_MS, () => life.start())
  }

  async #make({ id, model, points }: Installed, ids: readonly string[]): Promise<VirtualDevice> {
    const { url, siteId, certsFolder, stateFolder, seed, faults = [], onEvent } = this.#options
    const credentials = await credentialsFor(certsFolder, ids, id, faults)
    const common = {
      url,
      site: siteId,
      id,
      model,
      points: points.map(p => p.point),
      credentials,
      stateFolder,
      seed,
      faults,
    }
    return new VirtualDevice(onEvent ? { ...common, onEvent } : common)
  }

  /** Cuts the power again and again, at random moments. */
  #loosenPlug(id: string): void {
    const perMinute = amountOf(this.#options.faults ?? [], 'power-cut', id)
    if (perMinute === 0) return
    const random = seeded(this.#options.seed, `${id} power`)
    const again = () =>
      this.#in((-Math.log(1 - random()) * 60_000) / perMinute, () => {
        this.#devices.get(id)?.powerCut()
        this.#in(POWER_OFF_MS, () => {
          this.#devices.get(id)?.powerOn()
          again()
        })
      })
    again()
  }

  #in(ms: number, run: () => void): void {
    if (this.#stopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }
}

function checkFaults(faults: readonly Fault[], chosen: readonly Installed[]): void {
  const stray = faults.find(f => f.device !== undefined && !chosen.some(d => d.id === f.device))
  if (!stray) return
  const known = chosen.map(d => d.id).join(', ')
  throw new SimFailure(
    `--fault: no device ${stray.device}; known: ${known}`,
    `--fault\u202f: pas d’appareil ${stray.device}\u202f; connus\u202f: ${known}`,
  )
}
