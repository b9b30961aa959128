/** Room on the disk that nobody else may take: a file of real blocks, given up while the disk is full. */
import { randomBytes } from 'node:crypto'
import { open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { diskOf, RESERVE_FILE } from './room.ts'

const PIECE = 1024 * 1024
/** Of a small disk no more than a tenth. */
const SHARE = 0.1

export class Reserve {
  readonly #dir: string
  readonly #file: string
  readonly #wanted: number

  /** @param bytes 0: none is kept */
  constructor(dir: string, bytes: number) {
    this.#dir = dir
    this.#file = join(dir, RESERVE_FILE)
    this.#wanted = bytes
  }

  async give(): Promise<void> {
    await rm(this.#file, { force: true })
  }

  /** @param least bytes that must stay free beside it @returns false if it doesn't fit; then nothing was taken */
  async take(least: number): Promise<boolean> {
    const { total, free } = await diskOf(this.#dir)
    const bytes = Math.floor(Math.min(this.#wanted, total * SHARE) / PIECE) * PIECE
    const held = await this.#held()
    if (held >= bytes) return true
    if (free + held < bytes + least) return false
    try {
      await this.#write(bytes)
      return true
    } catch (error) {
      await this.give()
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
      throw error
    }
  }

  async #held(): Promise<number> {
    try {
      return (await stat(this.#file)).size
    } catch {
      return 0 // none yet; a folder that can't be read fails at everything else
    }
  }

  /** Random: a file system that packs zeros would keep no room. */
  async #write(bytes: number): Promise<void> {
    const handle = await open(this.#file, 'w', 0o600)
    try {
      for (let done = 0; done < bytes; done += PIECE) await handle.writeFile(randomBytes(PIECE))
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}
