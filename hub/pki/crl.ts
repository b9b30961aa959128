/** The list of revoked certificates (RFC 5280 5). */
import { randomBytes } from 'node:crypto'
import { integer, integerValue, pem, pemBlock } from './der.ts'
import { LONG_BACKDATE_MS, type Signer, wholeSecond } from './signer.ts'
import { ALGORITHM, Extension, X509Crl, X509CrlGenerator, X509CrlReason } from './x509.ts'

const CRL_NUMBER = '2.5.29.20'
const LABEL = 'X509 CRL' // RFC 7468 6; the library's own label is one that OpenSSL does not know

/** Why a certificate is revoked, as it stands in the list (RFC 5280 5.3.1). */
const REASONS: Readonly<Record<string, X509CrlReason>> = {
  'key-compromise': X509CrlReason.keyCompromise,
  superseded: X509CrlReason.superseded,
  'cessation-of-operation': X509CrlReason.cessationOfOperation,
  'privilege-withdrawn': X509CrlReason.privilegeWithdrawn,
}

export interface Revoked {
  /** 32 lower-case hex digits. */
  readonly serial: string
  /** Milliseconds since 1970, UTC. */
  readonly revokedAt: number
  /** key-compromise, superseded, privilege-withdrawn; anything else counts as cessation-of-operation. */
  readonly reason: string
}

/**
 * A list that stays valid as long as the authority. An expired list locks out every device (mosquitto issue 1826); here
 * freshness comes from handing the new list to the TLS contexts at each revocation, not from expiry. For the same reason it
 * begins a day early: a clock that is set back must not put it in the future.
 * @param previous the last list's PEM: the CRL number always rises, even where the clock was set back
 */
export async function makeCrl(
  signer: Signer,
  revoked: readonly Revoked[],
  now: number,
  previous?: string,
): Promise<string> {
  const crl = await X509CrlGenerator.create({
    issuer: signer.certificate.subjectName,
    thisUpdate: new Date(wholeSecond(now - LONG_BACKDATE_MS)),
    nextUpdate: signer.certificate.notAfter,
    signingAlgorithm: ALGORITHM,
    signingKey: signer.privateKey,
    extensions: [new Extension(CRL_NUMBER, false, new Uint8Array(integer(nextNumber(now, previous))))],
    entries: revoked.map(r => ({
      serialNumber: r.serial,
      revocationDate: new Date(wholeSecond(r.revokedAt)),
      reason: REASONS[r.reason] ?? X509CrlReason.cessationOfOperation,
    })),
  })
  return pem(LABEL, new Uint8Array(crl.rawData))
}

/** Time with 16 random bits below it: two processes writing in the same millisecond don't take the same number. */
function nextNumber(now: number, previous: string | undefined): bigint {
  const fromClock = (BigInt(now) << 16n) | BigInt(randomBytes(2).readUInt16BE())
  const last = previous === undefined ? 0n : numberOf(previous)
  return fromClock > last ? fromClock : last + 1n
}

/** A damaged list counts as none: it is about to be replaced, and must not stand in the way of a revocation. */
function numberOf(text: string): bigint {
  const der = pemBlock(LABEL, text)
  if (!der) return 0n
  try {
    const extension = new X509Crl(new Uint8Array(der)).getExtension(CRL_NUMBER)
    return extension ? integerValue(new Uint8Array(extension.value)) : 0n
  } catch {
    return 0n
  }
}
