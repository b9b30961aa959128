/** Who a TLS socket's certificate says it is. */
import type { TLSSocket } from 'node:tls'

export interface Peer {
  /** Lower-case hexadecimal, as the authority writes it. */
  readonly serial: string
  readonly commonName: string
}

/**
 * Undefined unless the peer holds a certificate with exactly one common name that is valid at `now`. Asked on every
 * socket: a resumed TLS 1.3 session reports `authorized` without any certificate, and skips the dates.
 */
export function peerOf(socket: TLSSocket, now: number): Peer | undefined {
  if (!socket.authorized) return undefined
  const certificate = socket.getPeerCertificate()
  const commonName: unknown = certificate?.subject?.CN
  if (!certificate.serialNumber || typeof commonName !== 'string') return undefined
  if (!(Date.parse(certificate.valid_from) <= now && now < Date.parse(certificate.valid_to))) return undefined
  return { serial: certificate.serialNumber.toLowerCase(), commonName }
}
