/** What survives a power cut: a few bytes of flash, here a small file per device. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Beyond this a command's expiry is not believed; it also bounds what has to be remembered. */
export const LONGEST_EXPIRY_MS = 300_000

interface Contents {
  seq: number
  /** Command id -> its expiry (ms, UTC): executed or refused once, never again. */
  seen: Record<string, number>
}

export class Memory {
  readonly #file: string
  #contents: Contents

  /** @throws Error naming the file if it exists and can't be understood: guessing a lower `seq` would look like a replay. */
  constructor(folder: string, device: string) {
    mkdirSync(folder, { recursive: true })
    this.#file = join(folder, `${device}.json`)
    this.#contents = read(this.#file)
  }

  get seq(): number {
    return this.#contents.seq
  }

  /** The next sequence number, stored before it is used. */
  nextSeq(): number {
    this.#contents.seq += 1
    this.#write()
    return this.#contents.seq
  }

  /** True the first time this id is given. Stored before anything moves. */
  firstTime(id: string, expiresAt: number, now: number): boolean {
    if (Object.hasOwn(this.#contents.seen, id)) return false
    const live = Object.entries(this.#contents.seen).filter(([, expiry]) => expiry > now - LONGEST_EXPIRY_MS)
    const until = Math.min(expiresAt, now + LONGEST_EXPIRY_MS)
    this.#contents.seen = Object.fromEntries([...live.slice(-999), [id, until]])
    this.#write()
    return true
  }

  #write(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#contents))
    renameSync(`${this.#file}.new`, this.#file)
  }
}

function read(file: string): Contents {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { seq: 0, seen: {} }
    throw error
  }
  const contents = parse(text)
  if (!contents) throw new Error(`${file} is damaged: restore it, or delete it and add the device again under a new id`)
  return contents
}

function parse(text: string): Contents | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('seq' in value) || !('seen' in value)) return undefined
    return Number.isSafeInteger(value.seq) && typeof value.seen === 'object' && value.seen !== null
      ? (value as Contents)
      : undefined
  } catch {
    return undefined // not JSON: reported by the caller, with the file's name
  }
}
