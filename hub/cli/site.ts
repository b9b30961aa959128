/** vigie plan <site.json> | vigie apply <site.json> | vigie site export [file] */
import { readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import type { Change } from '../access/diff.ts'
import { VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import { type Plan, SiteApplied } from '../flows/site-applied.ts'
import { operators } from '../record/accounts.ts'
import { lastOfWithdrawn } from '../record/past.ts'
import { readChanges, readRegistry } from '../record/registry.ts'
import { type Context, untilInForce } from './context.ts'
import type { Desk } from './desk.ts'
import type { Output } from './output.ts'

function read(file: string | undefined): string {
  if (file === undefined)
    throw new VigieError('usage', {
      expected: {
        en: 'name the site file: vigie apply <site.json>',
        fr: 'nommez le fichier de site\u202f: vigie apply <site.json>',
      },
    })
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new VigieError('file-unreadable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
}

function flow(c: Context): SiteApplied {
  return new SiteApplied({
    read: () => readRegistry(c.db, c.now()),
    changedSince: revision => readChanges(c.db, revision).items,
    withdrawnBadges: () => lastOfWithdrawn(c.db, 'badge'),
    write: change => c.op('applySite', change),
    nobodyToAsk: () => operators(c.db).length === 0,
    now: c.now,
  })
}

const MARKS = { added: '+', changed: '~', removed: '-' } as const
const lineOf = (change: Change): string =>
  `${MARKS[change.change]} ${change.kind} ${change.id}${change.fields ? ` (${change.fields.join(', ')})` : ''}`

/** Only the end of the number: it is enough to find the badge, and not enough to make one. */
function tellKept(kept: Plan['kept'], out: Output): void {
  if (out.json) return
  for (const { uid, status } of kept) {
    const end = uid.slice(-4)
    const words = { lost: 'perdu', revoked: 'révoqué', suspended: 'suspendu', active: 'actif' }[status]
    out.line(
      out.language === 'fr'
        ? `! le badge …${end} reste ${words}, quoi que dise le fichier\u202f; pour le réactiver\u202f: vigie item put badge`
        : `! badge …${end} stays ${status}, whatever the file says; to bring it back: vigie item put badge`,
    )
  }
}

export function plan(c: Context, file: string | undefined, out: Output): void {
  const { changes, kept } = flow(c).plan(read(file), file as string)
  tellKept(kept, out)
  if (!out.json) for (const change of changes) out.line(lineOf(change))
  out.result(
    { changes, kept },
    changes.length === 0 ? 'Rien à changer.' : `${changes.length} changement(s), pas encore appliqué(s).`,
    changes.length === 0 ? 'Nothing to change.' : `${changes.length} change(s), not applied yet.`,
  )
}

export async function apply(c: Context, file: string | undefined, mayWithdraw: boolean, out: Output): Promise<void> {
  const { changes, revision, kept } = await flow(c).apply(read(file), file as string, {
    origin: `cli:${userInfo().username}`,
    mayWithdraw,
  })
  const inForce = await untilInForce(c)
  tellKept(kept, out)
  if (!out.json) for (const change of changes) out.line(lineOf(change))
  const after = inForce.hub ? ` (${inForce.hub.tookMs} ms)` : ''
  out.result(
    { changes, kept, revision, ...inForce },
    `${changes.length} changement(s) appliqué(s), révision ${revision}${after}.`,
    `${changes.length} change(s) applied, revision ${revision}${after}.`,
  )
}

/** To a file that only its owner can read, or to standard output: people's names and badge numbers are in it. */
export async function exportSite({ acts }: Desk, file: string | undefined, out: Output): Promise<void> {
  const text = await acts.exportSite()
  if (file === undefined) {
    process.stdout.write(text)
    return
  }
  try {
    writeFileSync(file, text, { mode: 0o600 })
  } catch (error) {
    throw new VigieError('file-unwritable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
  const { revision } = JSON.parse(text) as { revision: number }
  out.result(
    { file, revision },
    `Site écrit dans ${file}, révision ${revision}.`,
    `Site written to ${file}, revision ${revision}.`,
  )
}
