/**
 * The certs-only answer of EST (RFC 7030 4.1.3 and 4.2.3): PKCS#7 signed data that signs nothing. The library's own export
 * adds an empty content, which RFC 5272 4.1 leaves out.
 */
import { integer, pemBlock, TAG, tlv } from './der.ts'

const DATA = Buffer.from('06092a864886f70d010701', 'hex')
const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex')

/** DER of a certs-only PKCS#7 with these certificates, each a PEM text. */
export function certsOnly(pems: readonly string[]): Buffer {
  const certificates = pems.map(text => pemBlock('CERTIFICATE', text) ?? Buffer.alloc(0))
  const noAlgorithms = tlv(TAG.set)
  const noSigners = tlv(TAG.set)
  const content = tlv(TAG.sequence, DATA)
  const signedData = tlv(
    TAG.sequence,
    integer(1n),
    noAlgorithms,
    content,
    tlv(TAG.context0, ...certificates),
    noSigners,
  )
  return tlv(TAG.sequence, SIGNED_DATA, tlv(TAG.context0, signedData))
}
