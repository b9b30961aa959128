/** Signatures of Standard Webhooks (version 1 of its symmetric kind): HMAC-SHA256 over id, time and body, with a dot between. */
import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'
const KEY_BYTES = 32

/** @returns a new secret, whsec_ and base64 of 256 random bits */
export const newWebhookSecret = (): string => PREFIX + randomBytes(KEY_BYTES).toString('base64')

/**
 * @param secrets the newest first: receivers take whichever they know
 * @param seconds since 1970, UTC
 */
export function signatureOf(
  secrets: readonly string[],
  { id, seconds, body }: { readonly id: string; readonly seconds: number; readonly body: string },
): string {
  return secrets
    .map(secret => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
    })
    .join(' ')
}
