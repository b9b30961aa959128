/** Settings that are addresses: of servers, of people, of places that the hub may send to. */
import { isIP } from 'node:net'
import type { Said } from './errors.ts'

export interface Setting<T> {
  readonly env: string
  readonly doc: string
  readonly fallback: T
  readonly parse: (text: string) => T | undefined
  readonly expected: Said
}

/** Kept as text; the port is 6514 (RFC 5425) where none is given. */
export const logServer = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: { en: 'an address, tls://host:port', fr: 'une adresse, tls://hôte:port' },
  parse: text => (/^tls:\/\/([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?$/.test(text) ? text : undefined),
})
export const hubs = (env: string, doc: string): Setting<readonly string[]> => ({
  env,
  fallback: [],
  doc,
  expected: {
    en: 'addresses of hubs, https://host:port, separated by commas',
    fr: 'des adresses de hubs, https://hôte:port, séparées par des virgules',
  },
  parse: text => {
    const all = text.split(',').filter(Boolean)
    return all.every(a => /^https:\/\/[A-Za-z0-9.:[\]-]{1,260}$/.test(a) && URL.canParse(a)) ? all : undefined
  },
})
/** Empty: there is none. Named whole, so that nobody opens it on every network by leaving something out. */
export const ownAddress = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: {
    en: 'an address of this machine and a port, 192.168.40.1:1883',
    fr: 'une adresse de cette machine et un port, 192.168.40.1:1883',
  },
  parse: text => {
    const [, host = '', port] =
      /^(?:\[([0-9a-fA-F:.]{2,45})\]|([0-9.]{7,15})):(\d{1,5})$/.exec(text)?.flatMap(p => p ?? []) ?? []
    return isIP(host) > 0 && Number(port) <= 65_535 ? text : undefined
  },
})
/** Its account's password is in it: kept out of every log line and sentence. */
export const mailServer = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: {
    en: 'an address, smtps://user:password@host:port or smtp://user:password@host:port (STARTTLS)',
    fr: 'une adresse, smtps://compte:mot-de-passe@hôte:port ou smtp://compte:mot-de-passe@hôte:port (STARTTLS)',
  },
  parse: text =>
    /^smtps?:\/\/([^\s/@]{1,400}@)?[A-Za-z0-9.:[\]-]{1,260}$/.test(text) && URL.canParse(text) ? text : undefined,
})
export const mailAddress = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: { en: 'a mail address', fr: 'une adresse de courriel' },
  parse: text => (/^[^\s@<>,;"]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(text) ? text : undefined),
})

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/
const isIssuer = (url: URL): boolean =>
  (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) &&
  url.search + url.hash + url.username + url.password === ''
/** As the provider writes it, letter by letter: a slash at its end counts. */
export const issuer = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: {
    en: 'an address, https://host/path; http:// on this machine only',
    fr: 'une adresse, https://hôte/chemin\u202f; http:// sur cette machine seulement',
  },
  parse: text =>
    /^[\x21-\x7e]{8,400}$/.test(text) && URL.canParse(text) && isIssuer(new URL(text)) ? text : undefined,
})
export const hubAddress = (env: string, doc: string): Setting<string> => ({
  ...issuer(env, doc),
  expected: {
    en: 'an address, https://host:port; http:// on this machine only',
    fr: 'une adresse, https://hôte:port\u202f; http:// sur cette machine seulement',
  },
  parse: text => (/^https?:\/\/[^/]+\/?$/.test(text) ? issuer(env, doc).parse(text) : undefined),
})

const NAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/
function isPlace(text: string): boolean {
  const [address = '', bits] = text.split('/')
  const family = isIP(address)
  if (family === 0) return NAME.test(text) && !/^[\d.]+$/.test(text)
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}
/** Where the hub may send to of its own accord: a name, an address, or a range of addresses. */
export const places = (env: string, doc: string): Setting<readonly string[]> => ({
  env,
  fallback: [],
  doc,
  expected: {
    en: 'host names, addresses or ranges such as 10.20.0.0/16, separated by commas',
    fr: 'des noms d’hôte, des adresses ou des plages comme 10.20.0.0/16, séparés par des virgules',
  },
  parse: text => {
    const all = text.split(',').filter(Boolean)
    return all.every(isPlace) ? all : undefined
  },
})

/** Its account's token is in it: kept out of every log line and sentence. In clear text on this machine only. */
export const smsGateway = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: {
    en: 'an address, https://account:token@host/path, without /Messages.json',
    fr: 'une adresse, https://compte:jeton@hôte/chemin, sans /Messages.json',
  },
  parse: text => {
    if (!URL.canParse(text)) return undefined
    const url = new URL(text)
    const safe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))
    return safe && url.username !== '' && url.password !== '' && url.search + url.hash === '' ? text : undefined
  },
})
/** Its account's password is in it. */
export const outsideBroker = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: {
    en: 'an address, mqtts://user:password@host:port, or without an account where a certificate is shown; mqtt:// on this machine only',
    fr: 'une adresse, mqtts://compte:mot-de-passe@hôte:port, ou sans compte là où un certificat est montré\u202f; mqtt:// sur cette machine seulement',
  },
  parse: text => {
    if (!URL.canParse(text)) return undefined
    const { protocol, hostname, pathname, search, hash } = new URL(text)
    const safe = protocol === 'mqtts:' || (protocol === 'mqtt:' && LOOPBACK.test(hostname))
    return safe && hostname !== '' && pathname.length <= 1 && search + hash === '' ? text : undefined
  },
})
export const phoneNumber = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: {
    en: 'a number with its country, +33612345678, or a name of up to 11 letters and digits',
    fr: 'un numéro avec son pays, +33612345678, ou un nom de 11 lettres et chiffres au plus',
  },
  parse: text => (/^(\+[1-9]\d{5,14}|[A-Za-z0-9 ]{1,11})$/.test(text) ? text : undefined),
})
/** Without a slash at its end. */
export const webAddress = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: { en: 'an address, https://vigie.hospital.example', fr: 'une adresse, https://vigie.hopital.example' },
  parse: text => {
    if (!URL.canParse(text)) return undefined
    const { protocol, hostname, origin, pathname, search, hash, username } = new URL(text)
    const safe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
    return safe && pathname === '/' && search + hash + username === '' ? origin : undefined
  },
})

/** In clear text on this machine, or to a name without a dot: that of a container on a network of its own. */
export const storeAddress = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: {
    en: 'an address without an account in it: https://influx.hospital.example:8086, http://localhost:8086, or http:// and the name of a container',
    fr: 'une adresse sans compte\u202f: https://influx.hopital.example:8086, http://localhost:8086, ou http:// et le nom d’un conteneur',
  },
  parse: text => {
    if (!URL.canParse(text)) return undefined
    const { protocol, hostname, origin, pathname, search, hash, username, password } = new URL(text)
    const near = LOOPBACK.test(hostname) || /^[a-z][a-z0-9-]{0,62}$/.test(hostname)
    const safe = protocol === 'https:' || (protocol === 'http:' && near)
    return safe && search + hash + username + password === ''
      ? `${origin}${pathname === '/' ? '' : pathname}`
      : undefined
  },
})
