/** Who is connected: every live socket by certificate and by device, and which of a device's sockets is the one in use. */
import type { Session } from './session.ts'

export class Connections {
  readonly #bySerial = new Map<string, Set<Session>>()
  readonly #byDevice = new Map<string, Set<Session>>()
  readonly #current = new Map<string, Session>()
  #count = 0

  get size(): number {
    return this.#count
  }

  /** Devices with an accepted CONNECT. */
  get devices(): number {
    return this.#current.size
  }

  /** @returns the device's oldest socket if it now has more than `most`. */
  add(session: Session, most: number): Session | undefined {
    put(this.#bySerial, session.device.serial, session)
    const sockets = put(this.#byDevice, session.device.id, session)
    this.#count++
    return sockets.size > most ? sockets.values().next().value : undefined
  }

  remove(session: Session): void {
    const known = take(this.#bySerial, session.device.serial, session)
    take(this.#byDevice, session.device.id, session)
    if (known) this.#count--
    if (this.#current.get(session.device.id) === session) this.#current.delete(session.device.id)
  }

  current(device: string): Session | undefined {
    return this.#current.get(device)
  }

  /** Makes a session the device's one in use. @returns the one that was (MQTT-3.1.4-2: it has to go). */
  promote(session: Session): Session | undefined {
    const previous = this.#current.get(session.device.id)
    this.#current.set(session.device.id, session)
    return previous === session ? undefined : previous
  }

  ofSerial(serial: string): readonly Session[] {
    return [...(this.#bySerial.get(serial) ?? [])]
  }

  ofDevice(device: string): readonly Session[] {
    return [...(this.#byDevice.get(device) ?? [])]
  }

  all(): readonly Session[] {
    return [...this.#byDevice.values()].flatMap(sessions => [...sessions])
  }
}

function put(index: Map<string, Set<Session>>, key: string, session: Session): Set<Session> {
  const sessions = index.get(key) ?? new Set()
  index.set(key, sessions)
  return sessions.add(session)
}

function take(index: Map<string, Set<Session>>, key: string, session: Session): boolean {
  const sessions = index.get(key)
  const known = sessions?.delete(session) ?? false
  if (sessions?.size === 0) index.delete(key)
  return known
}
