/** vigie device password: what a gateway of bought devices signs in with. */
import { modelRules, models } from '#devices/registry.ts'
import { VigieError } from '../errors.ts'
import { makeDevicePassword } from '../pki/device-password.ts'
import { type Context, untilInForce } from './context.ts'
import { need, view } from './device.ts'
import type { Output } from './output.ts'

/** Milliseconds. A password that is lost or known is made anew; it ends by itself like everything that vouches for something. */
const PASSWORD_LIFE_MS = 5 * 365 * 86_400_000

/** Shown once, kept as a hash. The one before stops counting, and its connection is cut. */
export async function password(c: Context, id: string, isPlain: boolean, out: Output): Promise<void> {
  const { model, status } = need(c, id)
  if (modelRules(model)?.model.gateway === undefined) {
    const gateways = models().filter(m => m.gateway !== undefined)
    throw new VigieError('not-a-gateway', { device: id, expected: gateways.map(m => m.id).join(', ') })
  }
  if (status === 'revoked') throw new VigieError('device-revoked', { device: id })
  const made = makeDevicePassword()
  const at = c.now()
  const trust = isPlain ? 'password-plain' : 'password'
  const { hash: fingerprint, serial } = made
  const window = { notBefore: at, notAfter: at + PASSWORD_LIFE_MS, issuedAt: at }
  c.op('addCertificate', {
    at,
    certificate: { serial, device: id, fingerprint, kind: trust, ...window },
    fresh: true,
    event: { kind: 'device.enrolled', device: id, serial, trust },
  })
  const inForce = await untilInForce(c)
  const listen = c.config.boughtListen || undefined
  out.result(
    { ...view(c, id), user: id, password: made.password, ...(listen && { listen }), ...inForce },
    `Passerelle ${id}\u202f: utilisateur ${id}, mot de passe ${made.password}\n${said(isPlain, listen, 'fr')}`,
    `Gateway ${id}: user ${id}, password ${made.password}\n${said(isPlain, listen, 'en')}`,
  )
}

function said(isPlain: boolean, listen: string | undefined, language: 'fr' | 'en'): string {
  const isFrench = language === 'fr'
  const where = listen
    ? isFrench
      ? `Adresse\u202f: ${listen}.`
      : `Address: ${listen}.`
    : isFrench
      ? 'Ce hub ne laisse encore entrer aucun appareil du commerce\u202f: donnez VIGIE_BOUGHT_LISTEN.'
      : 'This hub does not let bought devices in yet: set VIGIE_BOUGHT_LISTEN.'
  if (isPlain)
    return isFrench
      ? `${where} Il peut voyager en clair\u202f: qui écoute ce réseau peut parler à sa place. Il ne sera plus montré.`
      : `${where} It may travel unencrypted: whoever listens on that network can speak in its place. It is not shown again.`
  return isFrench
    ? `${where} Avec TLS seulement. Il ne sera plus montré.`
    : `${where} With TLS only. It is not shown again.`
}
