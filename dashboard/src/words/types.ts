/** Every word a person reads. fr.ts and en.ts each give all of them; the compiler refuses a missing one. */
import type { EventKind, OperatorRole, PointClass, Reason, Refusal } from '../contract.ts'
import type { Form, Group, Noun, StateName } from '../model.ts'
import type { PageId } from '../pages.ts'
import type { JournalWords } from './journal.types.ts'
import type { SituationWords } from './situations.types.ts'

export interface Words {
  readonly locale: 'fr' | 'en'
  readonly reasons: Readonly<Record<Reason, string>>
  readonly refusals: Readonly<Record<Refusal, string>>
  readonly kinds: Readonly<Record<EventKind, string>>
  readonly classes: Readonly<Record<PointClass, string>>
  readonly roles: Readonly<Record<OperatorRole, string>>
  readonly forms: Readonly<Record<Form, string>>
  readonly groups: Readonly<Record<Group, string>>
  readonly deviceStatus: Readonly<Record<'declared' | 'enrolled' | 'revoked', string>>
  readonly failureModes: Readonly<Record<'secure' | 'open-with-alarm', string>>
  readonly quantities: Readonly<Record<string, string>>
  readonly trust: Readonly<
    Record<'title' | 'certificate' | 'password' | 'password-plain' | 'about' | 'found', string>
  > & {
    readonly fields: Readonly<Record<string, string>>
  }
  /** Words for the codes of errors a person can meet; `{s}` is seconds to wait. */
  readonly problems: Readonly<Record<string, string>>
  /** `Tiroir 3`, `Porte` */
  noun(noun: Noun, number?: string): string
  /** `Ouverte` */
  stateWord(state: StateName, noun: Noun): string
  /** `Tiroir 3 ouvert` */
  phrase(state: StateName, noun: Noun, number?: string): string
  /** `2 portes ouvertes` */
  counted(state: StateName, noun: Noun, n: number): string
  /** `2 ouvertes` */
  countedShort(state: StateName, noun: Noun, n: number): string
  /** `Muette, vue ouverte`: what it was when last heard of */
  silentLast(last: StateName, noun: Noun): string
  /** `200 lignes` of the journal */
  lines(n: number): string
  /** `Refusé : hors horaire` */
  refused(reason: string): string
  readonly nav: Readonly<
    Record<
      | PageId
      | 'main'
      | 'watch'
      | 'access'
      | 'traces'
      | 'decide'
      | 'people'
      | 'accounts'
      | 'more'
      | 'language'
      | 'signOut'
      | 'skip',
      string
    >
  >
  readonly conn: {
    readonly live: string
    readonly connecting: string
    readonly catching: string
    catchingLeft(n: number): string
    offline(since: string): string
    shows(at: string): string
  }
  readonly head: {
    readonly quiet: string
    /** Nothing to watch yet, and what to do. */
    readonly none: string
    readonly noneNext: string
    readonly restOk: string
    readonly journal: string
    answering(n: number, of: number): string
  }
  readonly plan: {
    label(site: string, zones: number): string
    readonly off: string
    readonly empty: string
    readonly emptyNext: string
    readonly north: string
    readonly west: string
    readonly east: string
    readonly move: string
    more(n: number): string
  }
  readonly feed: Record<
    | 'title'
    | 'label'
    | 'filter'
    | 'kind'
    | 'zone'
    | 'allZones'
    | 'text'
    | 'textHint'
    | 'empty'
    | 'emptyFilter'
    | 'clear'
    | 'older'
    | 'loading'
    | 'end'
    | 'unrecorded'
    | 'full'
    | 'failed',
    string
  > & {
    news(n: number): string
    /** The words a filter looks for, quoted. */
    sought(text: string): string
  }
  readonly strip: {
    readonly title: string
    since(n: number, at: string): string
    label(at: string, n: number): string
    readonly unread: string
    /** Before this time there was no journal. */
    unborn(at: string): string
  }
  readonly panel: Record<
    | 'close'
    | 'since'
    | 'never'
    | 'lastKnown'
    | 'points'
    | 'zone'
    | 'model'
    | 'class'
    | 'failure'
    | 'readings'
    | 'certificate'
    | 'expired'
    | 'skew'
    | 'skewOk'
    | 'skewBad'
    | 'lastSeen'
    | 'battery'
    | 'refused'
    | 'none'
    | 'events'
    | 'noEvents'
    | 'gone',
    string
  >
  readonly table: Record<
    | 'title'
    | 'id'
    | 'name'
    | 'model'
    | 'zone'
    | 'state'
    | 'lastSeen'
    | 'certificate'
    | 'skew'
    | 'refused'
    | 'search'
    | 'empty'
    | 'none'
    | 'never'
    | 'noClock',
    string
  > & { shown(n: number, of: number): string }
  readonly situations: SituationWords
  readonly journal: JournalWords
  readonly sign: Record<
    | 'title'
    | 'sub'
    | 'login'
    | 'password'
    | 'show'
    | 'hide'
    | 'go'
    | 'going'
    | 'passkey'
    | 'noPasskey'
    | 'or'
    | 'journaled'
    | 'legend'
    | 'expired'
    | 'account'
    | 'signedOut',
    string
  > & {
    wait(s: number): string
    dial(time: string): string
  }
  readonly setup: Record<
    'title' | 'sub' | 'name' | 'login' | 'required' | 'loginRule' | 'go' | 'going' | 'noLink' | 'noLinkNext' | 'done',
    string
  >
  readonly error: Record<'unreachable' | 'retry' | 'unknown' | 'site' | 'waiting' | 'slow', string>
  readonly signs: readonly (readonly ['ok' | 'open' | 'held' | 'alarm' | 'off' | 'glass' | 'armed', string])[]
}
