/** Keys and certificates of the virtual devices: files as `vigie device add --out` writes them, and wrong ones on request. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SimFailure } from './failure.ts'
import { amountOf, type Fault } from './faults.ts'
import type { Credentials } from './link.ts'

/** @throws SimFailure naming --certs and the missing file. */
export async function readCredentials(folder: string, device: string): Promise<Credentials> {
  const [key, cert, ca] = await Promise.all(
    [`${device}.key.pem`, `${device}.cert.pem`, 'ca.cert.pem'].map(name => readPem(join(folder, name))),
  )
  return { key: key!, cert: cert!, ca: ca! }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SimFailure(
      `--certs: cannot read ${file} (${code}). Make the certificates with: npx vigie device add --declared --out <folder>`,
      `--certs\u202f: lecture impossible de ${file} (${code}). Créer les certificats avec\u202f: npx vigie device add --declared --out <dossier>`,
    )
  }
}

/** The credentials a device really uses: its own, its neighbour's, or some a stranger made for himself. */
export async function credentialsFor(
  folder: string,
  devices: readonly string[],
  device: string,
  faults: readonly Fault[],
): Promise<Credentials> {
  const own = await readCredentials(folder, device)
  if (amountOf(faults, 'foreign-certificate', device) > 0) return { ...(await foreignCredentials(device)), ca: own.ca }
  if (amountOf(faults, 'wrong-certificate', device) === 0) return own
  const neighbour = devices[(devices.indexOf(device) + 1) % devices.length]!
  if (neighbour !== device) return readCredentials(folder, neighbour)
  throw new SimFailure(
    '--fault wrong-certificate: needs --devices 2 or more',
    '--fault wrong-certificate : demande --devices 2 au moins',
  )
}

const PEM = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----\n?/g

/** A key and a certificate with the right name, signed by nobody the hub knows. @throws SimFailure without openssl. */
async function foreignCredentials(device: string): Promise<Pick<Credentials, 'key' | 'cert'>> {
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '1',
    '-subj',
    `/CN=${device}`,
    '-keyout',
    '-',
    '-out',
    '-',
  ]
  const { stdout } = await promisify(execFile)('openssl', request).catch((error: Error) => {
    throw new SimFailure(
      `--fault foreign-certificate: openssl failed: ${error.message}`,
      `--fault foreign-certificate\u202f: échec d’openssl\u202f: ${error.message}`,
    )
  })
  const blocks = [...stdout.matchAll(PEM)]
  const find = (kind: string) => blocks.find(b => b[1]!.endsWith(kind))?.[0] ?? ''
  return { key: find('PRIVATE KEY'), cert: find('CERTIFICATE') }
}
