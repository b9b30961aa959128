/** vigie approval list | withdraw: what waits for a second operator. From here nothing is ever approved. */

import { VigieError } from '../errors.ts'
import type { Waiting } from '../flows/approval-asked.ts'
import { operators } from '../record/accounts.ts'
import { approvals } from '../record/approvals.ts'
import { DANGEROUS_ACTS, type DangerousAct } from '../rules/approvals.ts'
import { approvalDecided } from '../wiring/approvals.ts'
import { localTime, need, openActs } from './acts.ts'
import type { Context } from './context.ts'
import { type Output, table } from './output.ts'

export const APPROVAL_HELP = {
  en: `  vigie approval list   what waits for a second person: removing a zone, another failure mode,
                        erasing somebody. It is approved on the page of the hub, never here
  vigie approval withdraw <id>
`,
  fr: `  vigie approval list   ce qui attend une seconde personne\u202f: retrait d’une zone, autre mode de
                        défaillance, effacement d’une personne. On approuve sur la page du hub,
                        jamais ici
  vigie approval withdraw <identifiant>
`,
} as const

export const ACT_WORDS: Readonly<Record<DangerousAct, { readonly en: string; readonly fr: string }>> = {
  'zone-removed': { en: 'remove zone', fr: 'retirer la zone' },
  'failure-mode-changed': { en: 'change the failure mode of', fr: 'changer le mode de défaillance de' },
  'person-erased': { en: 'erase', fr: 'effacer' },
}
const MOST = 200

export function list(c: Context, out: Output): void {
  const waiting = approvals(c.db, { acts: DANGEROUS_ACTS, pending: true, limit: MOST }).filter(
    a => a.expiresAt > c.now(),
  )
  const { timeZone } = openActs(c).facts().site.site
  const named = new Map(operators(c.db).map(o => [o.id, o.name]))
  const text = (language: 'fr' | 'en'): string => {
    if (waiting.length === 0) return language === 'fr' ? 'Rien n’attend.' : 'Nothing waits.'
    return table(
      waiting.map(a => [
        a.id,
        `${ACT_WORDS[a.act as DangerousAct][language]} ${a.subject ?? ''}`,
        named.get(a.asker) ?? a.asker,
        localTime(a.expiresAt, timeZone),
      ]),
    )
  }
  const shown = waiting.map(({ id, act, subject, asker, askedAt, expiresAt }) => ({
    ...{ id, act, subject, asker: named.get(asker) ?? asker, askedAt, expiresAt },
  }))
  out.result({ approvals: shown }, text('fr'), text('en'))
}

export async function withdraw(c: Context, given: string | undefined, out: Output): Promise<void> {
  const id = need(given, 'name the request: vigie approval list', 'nommez la demande\u202f: vigie approval list')
  const { by, settle } = openActs(c)
  const decided = approvalDecided({
    ...{ db: c.db, op: c.op, now: c.now, carryOut: NEVER },
    onFailure: () => undefined, // nothing is carried out from here
  })
  await decided.withdraw(id, by)
  await settle()
  out.result({ id, state: 'withdrawn' }, `Demande ${id} retirée.`, `Request ${id} withdrawn.`)
}

const refused = async (): Promise<never> => {
  throw new VigieError('not-allowed')
}
const NEVER = { 'zone-removed': refused, 'failure-mode-changed': refused, 'person-erased': refused }

/** What was asked for has not been done. */
export function tellWaiting({ approval }: Waiting, out: Output): void {
  const { id } = approval
  out.result(
    { approval },
    `Rien n’est changé\u202f: ceci attend l’approbation d’une seconde personne, sous ${id}, pendant 24 h. Elle la donne sur la page du hub.`,
    `Nothing has changed: this waits for a second person’s approval, under ${id}, for 24 h. They give it on the page of the hub.`,
  )
}
