/** Workstations as IT manages them: which there are, a new one with its one-time code, another code, an end. */
import { randomBytes, randomInt } from 'node:crypto'
import type { StationList, StationMade, StationRequest, StationView } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { Clock } from './ports.ts'
import { hashOf } from './secrets.ts'
import type { StationStore } from './station-ports.ts'

/** Read aloud and typed by hand: without 0, O, 1 and I. 40 bits. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const LENGTH = 8
const CODE_MS = 15 * 60_000
const MOST = 500

export class StationDesk {
  readonly #store: StationStore
  readonly #now: Clock

  constructor(store: StationStore, now: Clock) {
    this.#store = store
    this.#now = now
  }

  list(): StationList {
    return { stations: this.#store.list(this.#now()) }
  }

  /** @throws VigieError station-reader, stations-full, journal-unavailable */
  async make({ name, accessPoint }: StationRequest, by: string): Promise<StationMade> {
    if (!this.#store.hasReader(accessPoint)) throw new VigieError('station-reader', { accessPoint })
    if (this.#store.list(this.#now()).length >= MOST) throw new VigieError('stations-full', { limit: MOST })
    const id = `st-${randomBytes(6).toString('hex')}`
    const code = newCode(this.#now())
    await this.#store.create({ id, name, accessPoint, by }, { hash: hashOf(code.text), expiresAt: code.expiresAt })
    return this.#made(id, code)
  }

  /** Whoever is paired stays so until the code is typed elsewhere. @throws VigieError station-unknown, journal-unavailable */
  async anew(id: string, by: string): Promise<StationMade> {
    const code = newCode(this.#now())
    const known = await this.#store.newCode(id, by, { hash: hashOf(code.text), expiresAt: code.expiresAt })
    if (!known) throw new VigieError('station-unknown', { station: id })
    return this.#made(id, code)
  }

  /** @throws VigieError station-unknown, journal-unavailable */
  async remove(id: string, by: string): Promise<void> {
    if (!(await this.#store.remove(id, by))) throw new VigieError('station-unknown', { station: id })
  }

  #made(id: string, { text: code, expiresAt }: Code): StationMade {
    const station: StationView | undefined = this.#store.view(id, this.#now())
    if (!station) throw new VigieError('station-unknown', { station: id })
    return { station, code, expiresAt }
  }
}

interface Code {
  readonly text: string
  readonly expiresAt: number
}
function newCode(now: number): Code {
  const text = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return { text, expiresAt: now + CODE_MS }
}
