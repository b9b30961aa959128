/**
 * Whether a request comes from our own page. Two attacks end here: another site's page using the operator's cookie
 * (CSRF, cross-site WebSocket), and a foreign name made to resolve to this machine (DNS rebinding).
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorCode } from '../errors.ts'

export type Scheme = 'http' | 'https'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

export const isSafe = (method: string): boolean => SAFE.has(method)

/**
 * Plain HTTP answers only to loopback names. Any port will do: a forwarded port (ssh -L, a container) is not an attack,
 * a foreign name is. Over HTTPS the certificate already ties the name to us.
 */
export const hostFits = (scheme: Scheme, host: string | undefined): boolean =>
  scheme === 'https' || (host !== undefined && LOOPBACK.test(host))

/**
 * The Origin must be the very address the page was opened under (OWASP ASVS 5, 3.5.1 and 4.4.2). Programs send none, and
 * carry no one else's cookies; browsers always do on such requests, and old ones that don't still send Sec-Fetch-Site.
 */
export function originFits(scheme: Scheme, headers: IncomingHttpHeaders): boolean {
  if (headers.origin !== undefined)
    return headers.host !== undefined && headers.origin.toLowerCase() === pageOrigin(scheme, headers.host)
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'same-origin'
}

/** Browsers leave the scheme's default port out of Origin; a Host header may carry it. */
export function pageOrigin(scheme: Scheme, host: string): string {
  const port = scheme === 'https' ? ':443' : ':80'
  const name = host.toLowerCase()
  return `${scheme}://${name.endsWith(port) ? name.slice(0, -port.length) : name}`
}

/** What is wrong with where a request comes from, if anything. `checked`: it is unsafe, or opens a socket. */
export function strangeness(scheme: Scheme, headers: IncomingHttpHeaders, checked: boolean): ErrorCode | undefined {
  if (!hostFits(scheme, headers.host)) return 'host-refused'
  return checked && !originFits(scheme, headers) ? 'origin-refused' : undefined
}
