/** The one door to the certificate library. */
import 'reflect-metadata' // the library's container refuses to load without it

export * from '@peculiar/x509'

/** ECDSA on P-256 with SHA-256: the authority, the server and the devices whose key the hub makes. */
export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
