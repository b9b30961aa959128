/** vigie key show | rotate */
import { userInfo } from 'node:os'
import { VigieError } from '../errors.ts'
import type { KeyRotated } from '../events.ts'
import { journalKeys, originOf, prepareRotation } from '../record/signing.ts'
import type { Context } from './context.ts'
import { keyFileOf, signNow } from './evidence.ts'
import type { Output } from './output.ts'

/** What whoever checks checkpoints needs, and no more: nothing of the private key is ever printed. */
export function show(c: Pick<Context, 'db' | 'config'>, out: Output): void {
  const keys = journalKeys(c.db)
  const file = keyFileOf(c)
  const answer = { origin: originOf(c.db), file, keys: keys.map(({ vkey, since }) => ({ vkey, since })) }
  const lines = keys.map(k => k.vkey).join('\n')
  const none = keys.length === 0
  out.result(
    answer,
    none
      ? 'Ce journal n’a encore rien signé\u202f: la clé est créée avec le premier point de contrôle.'
      : `${lines}\nLa dernière signe. Sa clé privée\u202f: ${file}`,
    none
      ? 'This journal has signed nothing yet: the key is made with the first checkpoint.'
      : `${lines}\nThe last one signs. Its private key: ${file}`,
  )
}

type Rotating = Pick<Context, 'db' | 'config' | 'op' | 'now'>
type Rotated = Pick<KeyRotated, 'from' | 'to' | 'note'> & { readonly since: number }
/** A hub that runs may sign once more with the old key in between. */
const ATTEMPTS = 5

async function rotated(c: Rotating, attempts: number): Promise<Rotated> {
  const { size } = await signNow(c)
  const file = keyFileOf(c)
  const { from, to, note, finish, discard } = prepareRotation(c.db, file, size)
  const event: KeyRotated = { kind: 'journal.key-rotated', by: `cli:${userInfo().username}`, from, to, note }
  let since: number | undefined
  try {
    since = c.op('rotateKey', { at: c.now(), event, file })
  } finally {
    if (journalKeys(c.db).at(-1)?.vkey !== to) discard()
  }
  if (since !== undefined) {
    finish()
    return { from, to, note, since }
  }
  if (attempts === 1) throw new VigieError('journal-unavailable', { cause: 'checkpoints are signed all the time' })
  return rotated(c, attempts - 1)
}

/**
 * What stands in the journal is signed by the old key, then the old key signs the new one, in a row of the journal; what
 * comes after is signed by the new one. A hub that runs takes it up with its next checkpoint.
 * @throws VigieError signing-key-missing, signing-key-wrong, data-permissions, file-unwritable, journal-unavailable
 */
export async function rotate(c: Rotating, out: Output): Promise<void> {
  const { from, to, note, since } = await rotated(c, ATTEMPTS)
  const { note: first } = await signNow(c)
  out.result(
    { from, to, since, note, checkpoint: first },
    `Clé changée à la ligne ${since}. Donnez la nouvelle à ceux qui vérifient\u202f:\n${to}`,
    `Key changed at row ${since}. Give the new one to those who verify:\n${to}`,
  )
}
