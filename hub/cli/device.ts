/** vigie device add | list | show | renew | revoke | code */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ID_PATTERN } from '#devices/messages.ts'
import { modelRules, models } from '#devices/registry.ts'
import { de } from '../access/french-words.ts'
import { VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import type { EnrolledWithKey } from '../flows/device-enrolled.ts'
import { DeviceRevoked, type RevocationReason } from '../flows/device-revoked.ts'
import { CODE_LIFE_MS, hashCode, makeCode } from '../pki/code.ts'
import { replaceOwn } from '../pki/files.ts'
import { type CertificateRow, certificates, type DeviceRow, device, devices, revoked } from '../record/devices.ts'
import { siteId } from '../record/site.ts'
import { revocable } from '../wiring/enrolment.ts'
import { type Context, type InForce, untilInForce } from './context.ts'
import { type Output, table, time } from './output.ts'

export interface DeviceOptions {
  readonly model?: string | undefined
  readonly out?: string | undefined
  readonly name?: string | undefined
  readonly reason?: string | undefined
  readonly declared?: boolean | undefined
  readonly again?: boolean | undefined
}

/** Registers a device and writes its key and certificate; with --declared, every declared device that has none. */
export async function add(c: Context, id: string | undefined, o: DeviceOptions, out: Output): Promise<void> {
  if (o.declared) return addDeclared(c, o, out)
  const model = checkModel(o.model)
  const known = checkNew(c, id, o.again === true)
  if (holdsNone(model)) throw new VigieError('device-bought', { device: id as string })
  if (!known || known.model !== model || known.status === 'revoked')
    c.op('addDevice', { at: c.now(), id: id as string, model, name: o.name ?? known?.name ?? (id as string) })
  const files = await provide(c, id as string, 'device.enrolled', o.out)
  const inForce = await untilInForce(c)
  out.result(
    { ...view(c, id as string), ...files, ...inForce },
    `Appareil ${id} ajouté. Fichiers\u202f: ${files.cert}`,
    `Device ${id} added. Files: ${files.cert}`,
  )
}

async function addDeclared(c: Context, o: DeviceOptions, out: Output): Promise<void> {
  const waiting = devices(c.db).filter(d => d.status === 'declared' && !holdsNone(d.model))
  const added = []
  for (const d of waiting)
    added.push({ ...view(c, d.id), ...(await provide(c, d.id, 'device.enrolled', o.out)), status: 'enrolled' })
  const inForce = await untilInForce(c)
  out.result(
    { devices: added, ...inForce },
    `${added.length} appareil(s) enrôlé(s).`,
    `${added.length} device(s) enrolled.`,
  )
}

function checkModel(model: string | undefined): string {
  const known = models()
    .map(m => m.id)
    .join(', ')
  if (model === undefined)
    throw new VigieError('usage', {
      expected: { en: `--model is required: ${known}`, fr: `--model est obligatoire\u202f: ${known}` },
    })
  if (!modelRules(model)) throw new VigieError('model-unknown', { field: model.slice(0, 40), expected: known })
  return model
}

function checkNew(c: Context, id: string | undefined, again: boolean): DeviceRow | undefined {
  if (id === undefined || !new RegExp(ID_PATTERN).test(id))
    throw new VigieError('device-id-invalid', { field: (id ?? '').slice(0, 63) })
  const known = device(c.db, id)
  if (known?.status === 'enrolled') throw new VigieError('device-exists', { device: id })
  if (known?.status === 'revoked' && !again) throw new VigieError('device-revoked', { device: id })
  return known
}

/** The next certificate, with overlap: the present one stays good until it expires. */
export async function renew(c: Context, id: string, o: DeviceOptions, out: Output): Promise<void> {
  needOwn(c, id)
  const files = await provide(c, id, 'device.renewed', o.out)
  const inForce = await untilInForce(c)
  out.result(
    { ...view(c, id), ...files, ...inForce },
    `Certificat ${de(id)} renouvelé. Fichiers\u202f: ${files.cert}`,
    `Certificate of ${id} renewed. Files: ${files.cert}`,
  )
}

/** The running hub cuts the sockets; this waits until it has, and says how long it took. */
export async function revoke(c: Context, id: string, o: DeviceOptions, out: Output): Promise<void> {
  need(c, id)
  const reason = reasonOf(o.reason)
  let inForce: InForce = { hub: undefined }
  const flow = new DeviceRevoked({
    registry: {
      device: known => revocable(device(c.db, known)),
      revokeDevice: (event, at) => void c.op('revokeDevice', { at, id, reason, event }),
      revoked: () => revoked(c.db, c.now()),
    },
    authority: await c.authority(),
    link: {
      renewTls: () => undefined, // the running hub hands its own edges the list
      cutDevice: async () => {
        inForce = await untilInForce(c)
        return inForce.hub?.cut ?? 0
      },
    },
    now: c.now,
  })
  const { tookMs } = await flow.revoke(id, reason)
  const value = { ...view(c, id), ...inForce, tookMs: Math.round(tookMs) }
  out.result(value, `Appareil ${id} révoqué. ${told(inForce, 'fr')}`, `Device ${id} revoked. ${told(inForce, 'en')}`)
}

const REASONS = ['key-compromise', 'superseded', 'cessation-of-operation', 'privilege-withdrawn'] as const

function reasonOf(text: string | undefined): RevocationReason {
  if (text === undefined) return 'cessation-of-operation'
  const reason = REASONS.find(r => r === text)
  const all = REASONS.join(', ')
  if (!reason)
    throw new VigieError('usage', {
      expected: { en: `--reason takes one of ${all}`, fr: `--reason attend l’un de ${all}` },
    })
  return reason
}

function told({ hub }: InForce, language: 'fr' | 'en'): string {
  if (!hub)
    return language === 'fr'
      ? 'Aucun hub en marche\u202f: en vigueur à son démarrage.'
      : 'No hub is running: in force when it starts.'
  return language === 'fr'
    ? `En vigueur après ${hub.tookMs}\u00a0ms, ${hub.cut} connexion(s) coupée(s).`
    : `In force after ${hub.tookMs} ms, ${hub.cut} connection(s) cut.`
}

/** A one-time code for enrolment over the network (EST). Shown once, kept as a hash. */
export async function code(c: Context, id: string, out: Output): Promise<void> {
  if (needOwn(c, id).status === 'revoked') throw new VigieError('device-revoked', { device: id })
  const text = makeCode()
  const expiresAt = c.now() + CODE_LIFE_MS
  c.op('addCode', { at: c.now(), device: id, hash: hashCode(id, text), expiresAt })
  const { fingerprint } = await c.authority()
  const value = { device: id, code: text, expiresAt: new Date(expiresAt).toISOString(), fingerprint }
  const fr = `Code pour ${id}\u202f: ${text}, valable jusqu’à ${time(expiresAt)}.\nEmpreinte de l’autorité (SHA-256)\u202f: ${fingerprint}`
  const en = `Code for ${id}: ${text}, valid until ${time(expiresAt)}.\nFingerprint of the authority (SHA-256): ${fingerprint}`
  out.result(value, fr, en)
}

export function list(c: Context, out: Output): void {
  const all = devices(c.db).map(d => view(c, d.id))
  if (out.json) {
    out.line(JSON.stringify(all))
    return
  }
  const rows = all.map(d => [d.id, d.model, d.status, d.certificateUntil ?? '-'])
  out.line(
    table([
      out.language === 'fr'
        ? ['appareil', 'modèle', 'état', 'certificat jusqu’au']
        : ['device', 'model', 'status', 'certificate until'],
      ...rows,
    ]),
  )
}

export function show(c: Context, id: string, out: Output): void {
  need(c, id)
  const known = view(c, id)
  const held = certificates(c.db, id).map(describe)
  if (out.json) {
    out.line(JSON.stringify({ ...known, certificates: held }))
    return
  }
  out.line(
    table([
      ...Object.entries(known).map(([k, v]) => [k, String(v)]),
      ...held.map(h => [h.kind, `${h.serial} ${h.status} until ${h.notAfter}`]),
    ]),
  )
}

/** Bought devices and their gateways hold no certificate. */
function holdsNone(model: string): boolean {
  const known = modelRules(model)?.model
  return known?.bought === true || known?.gateway !== undefined
}

export function needOwn(c: Context, id: string): DeviceRow {
  const known = need(c, id)
  if (holdsNone(known.model)) throw new VigieError('device-bought', { device: id })
  return known
}

export function need(c: Context, id: string): DeviceRow {
  const known = device(c.db, id)
  if (!known) throw new VigieError('device-unknown', { device: id.slice(0, 63) })
  return known
}

export function view(c: Context, id: string) {
  const d = need(c, id)
  const held = certificates(c.db, id).filter(h => h.revokedAt === null)
  const until = Math.max(0, ...held.flatMap(h => (h.kind === 'certificate' ? [h.notAfter] : [])))
  const password = held.find(h => h.kind !== 'certificate')
  return {
    id,
    site: siteId(c.db),
    model: d.model,
    name: d.name,
    status: d.status,
    ...(until > 0 ? { certificateUntil: new Date(until).toISOString() } : {}),
    ...(password ? { trust: password.kind } : {}),
  }
}

function describe(h: CertificateRow) {
  const status = h.revokedAt !== null ? 'revoked' : h.notAfter < Date.now() ? 'expired' : 'valid'
  return {
    serial: h.serial,
    kind: h.kind,
    status,
    notAfter: new Date(h.notAfter).toISOString(),
    fingerprint: h.fingerprint,
    ...(h.reason ? { reason: h.reason } : {}),
  }
}

export async function provide(
  c: Context,
  id: string,
  kind: 'device.enrolled' | 'device.renewed',
  out: string | undefined,
) {
  const dir = await prepareFolder(c, out)
  return writeFiles(await (await c.enrolment()).provide(id, kind), dir)
}

/**
 * Owner-only, also over a file that was not; each file is there whole or not at all. The key is written nowhere else and
 * can't be shown again.
 */
async function writeFiles(issued: EnrolledWithKey, dir: string) {
  const files = filesOf(issued.device, dir)
  await replaceOwn(files.key, issued.keyPem)
  await replaceOwn(files.cert, issued.certPem)
  return { ...files, serial: issued.serial }
}

const filesOf = (id: string, dir: string) => ({
  key: join(dir, `${id}.key.pem`),
  cert: join(dir, `${id}.cert.pem`),
  ca: join(dir, 'ca.cert.pem'),
})

/** Before anything is issued: a certificate whose key could not be written would have replaced a good one for nothing. */
export async function prepareFolder(c: Context, dir = '.'): Promise<string> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new VigieError('file-unwritable', { file: dir, cause: fileCauseOf(error) }, { cause: error })
  }
  await replaceOwn(join(dir, 'ca.cert.pem'), (await c.authority()).caPem)
  return dir
}
