/** vigie item show | put | remove <kind> <id> */
import { ITEM_KINDS } from '../access/site-items.ts'
import { need, told, wrongCall } from './acts.ts'
import { tellWaiting } from './approval.ts'
import type { Desk } from './desk.ts'
import { readJson } from './json-file.ts'
import type { Output } from './output.ts'

export interface ItemOptions {
  readonly file?: string | undefined
  readonly revision?: string | undefined
}

function kindOf(text: string | undefined): string {
  const all = ITEM_KINDS.join(', ')
  const kind = need(text, `name the kind: ${all}`, `nommez le genre\u202f: ${all}`)
  if (!ITEM_KINDS.some(k => k === kind))
    throw wrongCall(`no kind of that name: ${all}`, `ce genre n’existe pas\u202f: ${all}`)
  return kind
}
const idOf = (kind: string, text: string | undefined): string =>
  kind === 'site' ? 'site' : need(text, `name the ${kind} by its id`, `nommez l’élément ${kind} par son identifiant`)

/** The item with its revision; without an id, the ids of its kind. */
export async function show({ acts }: Desk, args: readonly string[], out: Output): Promise<void> {
  const kind = kindOf(args[0])
  if (args[1] === undefined && kind !== 'site') {
    const ids = await acts.itemIds(kind)
    out.line(out.json ? JSON.stringify(ids) : ids.join('\n'))
    return
  }
  const view = await acts.item(kind, idOf(kind, args[1]))
  if (out.json) {
    out.line(JSON.stringify(view))
    return
  }
  out.line(JSON.stringify(view.item, null, 2))
  const [fr, en] = [`révision ${view.revision}`, `revision ${view.revision}`]
  process.stderr.write(`${out.language === 'fr' ? fr : en}\n`)
}

/** The item comes from --file, else from standard input. */
export async function put(desk: Desk, args: readonly string[], o: ItemOptions, out: Output): Promise<void> {
  const { acts, inForce } = desk
  const kind = kindOf(args[0])
  const id = idOf(kind, args[1])
  const known = kind === 'site' || (await acts.itemIds(kind)).includes(id)
  const expected = revisionOf(o.revision, known)
  const done = await acts.putItem(kind, id, readJson(o.file), expected)
  if ('approval' in done) return tellWaiting(done, out)
  const { revision } = done
  out.result(
    { kind, id, revision, ...inForce() },
    `${kind} ${id} est à la révision ${revision}.${told(inForce(), 'fr')}`,
    `${kind} ${id} stands at revision ${revision}.${told(inForce(), 'en')}`,
  )
}

export async function remove(desk: Desk, args: readonly string[], o: ItemOptions, out: Output): Promise<void> {
  const { acts, inForce } = desk
  const kind = kindOf(args[0])
  const id = idOf(kind, args[1])
  const done = await acts.removeItem(kind, id, revisionOf(o.revision, true))
  if ('approval' in done) return tellWaiting(done, out)
  const { revision } = done
  out.result(
    { kind, id, revision, ...inForce() },
    `${kind} ${id} retiré.${told(inForce(), 'fr')}`,
    `${kind} ${id} removed.${told(inForce(), 'en')}`,
  )
}

/** What exists is changed only by somebody who says which revision of it they saw. */
function revisionOf(text: string | undefined, known: boolean): number {
  if (text === undefined && known)
    throw wrongCall(
      'it exists: give --revision <n> as vigie item show tells it, so that nobody else’s change is lost',
      'l’élément existe\u202f: donnez --revision <n> tel que l’indique vigie item show, pour ne pas perdre le changement d’autrui',
    )
  if (text !== undefined && !/^\d{1,15}$/.test(text))
    throw wrongCall('--revision takes a whole number', '--revision attend un nombre entier')
  return Number(text ?? 0)
}
