/** Session ids and setup tokens: 256 random bits outside, their SHA-256 inside. */
import { hash, randomBytes } from 'node:crypto'

export const newSecret = (): string => randomBytes(32).toString('base64url')
export const hashOf = (secret: string): string => hash('sha256', secret, 'base64url')
/** What newSecret() gives; anything else need not be looked up. */
export const isSecret = (text: string | undefined): text is string =>
  text !== undefined && /^[A-Za-z0-9_-]{43}$/.test(text)
