/** vigie witness key | trust <key> | list | forget <journal> */
import { userInfo } from 'node:os'
import { VigieError } from '../errors.ts'
import { cosignerOf, readCosigner } from '../record/cosign.ts'
import { readVerifierKey } from '../record/note.ts'
import { journalKeys, originOf } from '../record/signing.ts'
import { cosignatures, trustedCosigners, watched } from '../record/witnessed.ts'
import type { Context } from './context.ts'
import { type Output, table, time } from './output.ts'

type Reading = Pick<Context, 'db'>
type Acting = Pick<Context, 'db' | 'op' | 'now'>

/** What another hub needs to watch this journal, and to know this hub's cosignatures. */
export function key(c: Reading, out: Output): void {
  const newest = journalKeys(c.db).at(-1)
  const own = newest && readVerifierKey(newest.vkey)
  if (!own) throw new VigieError('usage', { expected: NOTHING_SIGNED })
  const cosigner = cosignerOf(own).vkey
  out.result(
    { journal: originOf(c.db), key: own.vkey, cosigner },
    `Pour qu’un autre hub contresigne ce journal\u202f:\n${own.vkey}\nPour qu’il reconnaisse ce que ce hub contresigne\u202f:\n${cosigner}`,
    `For another hub to cosign this journal:\n${own.vkey}\nFor it to know what this hub cosigns:\n${cosigner}`,
  )
}
const NOTHING_SIGNED = {
  en: 'this journal has signed nothing yet; start its hub first',
  fr: 'ce journal n’a encore rien signé\u202f; démarrez d’abord son hub',
}

/** @throws VigieError witness-key-invalid */
export function trust(c: Acting, vkey: string | undefined, out: Output): void {
  const known = readVerifierKey(vkey ?? '') ?? readCosigner(vkey ?? '')
  if (!known) throw new VigieError('witness-key-invalid')
  const by = `cli:${userInfo().username}`
  const added = c.op('trustWitness', { at: c.now(), vkey: known.vkey, origin: known.name, by })
  out.result(
    { journal: known.name, added },
    added ? `${known.name}\u202f: clé admise.` : `${known.name}\u202f: cette clé était déjà admise.`,
    added ? `${known.name}: key trusted.` : `${known.name}: this key was trusted already.`,
  )
}

export function list(c: Reading, out: Output): void {
  const journals = watched(c.db)
  const cosigners = trustedCosigners(c.db).map(({ name }) => name)
  const given = cosignatures(c.db)
  if (out.json) {
    out.line(JSON.stringify({ watched: journals, cosigners, cosignatures: given }))
    return
  }
  const seen = journals.map(j => [j.origin, String(j.size ?? 0), j.at === undefined ? '-' : time(j.at)])
  const own = given.map(g => [g.destination, String(g.size), time(g.at)])
  const words =
    out.language === 'fr'
      ? [
          ['Journal suivi', 'Lignes', 'Vu le'],
          ['Contresigné par', 'Lignes', 'Le'],
        ]
      : [
          ['Journal watched', 'Rows', 'Seen'],
          ['Cosigned by', 'Rows', 'At'],
        ]
  out.line(table([words[0] as string[], ...seen]))
  out.line('')
  out.line(table([words[1] as string[], ...own]))
}

/** @throws VigieError witness-unknown */
export function forget(c: Acting, origin: string | undefined, out: Output): void {
  const by = `cli:${userInfo().username}`
  const removed = c.op('forgetWitness', { at: c.now(), origin: origin ?? '', by })
  if (removed === 0) throw new VigieError('witness-unknown', { journal: origin ?? '' })
  out.result(
    { journal: origin, removed },
    `${origin}\u202f: n’est plus suivi. Ce qui en a été vu reste connu.`,
    `${origin}: not watched any more. What was seen of it stays known.`,
  )
}
