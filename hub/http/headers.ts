/** The headers of every answer, errors included. */
import type { Scheme } from './origin.ts'

/** No inline script or style, nothing from elsewhere, nowhere to send anything, no frames (OWASP ASVS 5, 3.4). */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const ALWAYS: Readonly<Record<string, string>> = {
  'content-security-policy': CSP,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), usb=(), serial=(), bluetooth=(), hid=(), payment=(), display-capture=()',
  'cache-control': 'no-store',
}
/** Of answers that no browser shows as a page: stricter, and nothing that only a page could heed. */
const DATA: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
const TWO_YEARS_S = 63_072_000
const pinned = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...headers,
  'strict-transport-security': `max-age=${TWO_YEARS_S}`,
})
const [PINNED, PINNED_DATA] = [pinned(ALWAYS), pinned(DATA)]

/**
 * HSTS holds for a name on every port, so it is not sent for `localhost`: it would lock the operator of this very machine
 * out of the plain listener, and out of every other program's.
 */
export function headersFor(scheme: Scheme, host: string | undefined, path: string): Readonly<Record<string, string>> {
  const isData = path.startsWith('/api/v1/') || path.startsWith('/scim/')
  if (scheme !== 'https' || /^localhost(:|$)/i.test(host ?? '')) return isData ? DATA : ALWAYS
  return isData ? PINNED_DATA : PINNED
}
