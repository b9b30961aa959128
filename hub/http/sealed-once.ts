/**
 * What a browser keeps for the hub for a while, and can neither read nor change, and hands back once: sealed with a key of
 * this run (AES-256-GCM). Nothing is kept for those who never come back, so that nobody's thousand beginnings push out
 * somebody else's; only those that came back are remembered, until their end.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Clock } from './ports.ts'

const IV_BYTES = 12
const TAG_BYTES = 16

export class SealedOnce<T> {
  readonly #lifeMs: number
  readonly #now: Clock
  readonly #key = randomBytes(32)
  readonly #used = new Map<string, number>()

  /** @param lifeMs until it is good for nothing, milliseconds */
  constructor(lifeMs: number, now: Clock) {
    this.#lifeMs = lifeMs
    this.#now = now
  }

  /** @returns base64url, for a cookie */
  seal(content: T): string {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv)
    const text = JSON.stringify({ content, until: this.#now() + this.#lifeMs })
    return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64url')
  }

  /** Of the same one at the same moment, one is not undefined; nor of one that is past its end, or was not made here. */
  take(sealed: string | undefined): T | undefined {
    const opened = this.#open(Buffer.from(sealed ?? '', 'base64url'))
    if (!opened) return undefined
    const { content, until, id } = opened
    if (until <= this.#now() || this.#used.has(id)) return undefined
    for (const [old, end] of this.#used) if (end <= this.#now()) this.#used.delete(old)
    this.#used.set(id, until)
    return content
  }

  #open(bytes: Buffer): { readonly content: T; readonly until: number; readonly id: string } | undefined {
    if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined
    const iv = bytes.subarray(0, IV_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, iv).setAuthTag(bytes.subarray(-TAG_BYTES))
    const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8')
    try {
      const opened = JSON.parse(text + decipher.final('utf8')) as { readonly content: T; readonly until: number }
      return { ...opened, id: iv.toString('base64url') }
    } catch {
      return undefined // sealed with the key of an earlier run, or by somebody else
    }
  }
}
