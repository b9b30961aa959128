/** Whom the hub tells. */
import type { DeliveryCause, PauseCause } from '../contract.ts'

export interface WebhookWords
  extends Record<
    | 'title'
    | 'sub'
    | 'search'
    | 'make'
    | 'name'
    | 'nameHint'
    | 'nameNeeded'
    | 'url'
    | 'urlHint'
    | 'urlWrong'
    | 'receiver'
    | 'kinds'
    | 'everyKind'
    | 'someKinds'
    | 'kindsHint'
    | 'kindsNeeded'
    | 'zones'
    | 'everywhere'
    | 'someZones'
    | 'state'
    | 'fine'
    | 'failing'
    | 'paused'
    | 'delivered'
    | 'never'
    | 'owner'
    | 'created'
    | 'behind'
    | 'nextAttempt'
    | 'since'
    | 'oldSecret'
    | 'empty'
    | 'emptyNext'
    | 'closed'
    | 'closedNext'
    | 'none'
    | 'failed'
    | 'gone'
    | 'makeTitle'
    | 'makeSub'
    | 'go'
    | 'save'
    | 'going'
    | 'madeTitle'
    | 'secret'
    | 'once'
    | 'onceAgain'
    | 'done'
    | 'edit'
    | 'foreign'
    | 'tryTitle'
    | 'try'
    | 'trying'
    | 'tried'
    | 'deliveries'
    | 'deliveriesNone'
    | 'row'
    | 'when'
    | 'outcome'
    | 'dead'
    | 'deadSub'
    | 'redeliver'
    | 'redelivered'
    | 'more'
    | 'endTitle'
    | 'pause'
    | 'pauseMeans'
    | 'resume'
    | 'newSecret'
    | 'newSecretMeans'
    | 'remove'
    | 'removeMeans',
    string
  > {
  readonly causes: Readonly<Record<DeliveryCause, string>>
  readonly pauses: Readonly<Record<PauseCause, string>>
  readonly outcomes: Readonly<Record<'delivered' | 'failed' | 'dead', string>>
  shown(n: number, of: number): string
  /** `3 mis de côté` */
  aside(n: number): string
  /** `12 lignes` */
  rows(n: number): string
  kindsOf(n: number): string
  application(id: string): string
  hosts(list: string): string
  attempt(n: number): string
  ask(act: 'pause' | 'newSecret' | 'remove', name: string): string
  count(chosen: number, of: number): string
}
