import type { OperatorStatus } from '../contract.ts'

/** The accounts of people, and what is done to them. */
export interface OperatorWords
  extends Record<
    | 'title'
    | 'search'
    | 'filter'
    | 'all'
    | 'invite'
    | 'name'
    | 'login'
    | 'role'
    | 'zones'
    | 'state'
    | 'factors'
    | 'signedIn'
    | 'created'
    | 'email'
    | 'emailHint'
    | 'person'
    | 'everywhere'
    | 'someZones'
    | 'zonesNeeded'
    | 'noZones'
    | 'never'
    | 'totp'
    | 'noFactor'
    | 'noFactorRequired'
    | 'notYet'
    | 'empty'
    | 'none'
    | 'failed'
    | 'gone'
    | 'you'
    | 'oneAdministrator'
    | 'ownTitle'
    | 'own'
    | 'ownLink'
    | 'lastTitle'
    | 'last'
    | 'externalTitle'
    | 'external'
    | 'change'
    | 'reason'
    | 'reasonHint'
    | 'reasonNeeded'
    | 'required'
    | 'emailWrong'
    | 'nothing'
    | 'save'
    | 'saving'
    | 'saved'
    | 'roleEnds'
    | 'willEnrol'
    | 'conflict'
    | 'conflictKept'
    | 'conflictUse'
    | 'access'
    | 'disable'
    | 'disableMeans'
    | 'enable'
    | 'enableMeans'
    | 'reset'
    | 'resetMeans'
    | 'renew'
    | 'renewMeans'
    | 'cancel'
    | 'escape'
    | 'sending'
    | 'inviteTitle'
    | 'inviteSub'
    | 'go'
    | 'going'
    | 'link'
    | 'once'
    | 'mailed'
    | 'notMailed'
    | 'copy'
    | 'copied'
    | 'copyFailed'
    | 'done'
    | 'another',
    string
  > {
  readonly statuses: Readonly<Record<OperatorStatus, string>>
  readonly filters: Readonly<Record<OperatorStatus, string>>
  /** Why an account is changed, ended or begun again, to choose from. */
  readonly presets: Readonly<Record<'change' | 'disable' | 'enable' | 'reset', readonly string[]>>
  /** `3 sur 12 comptes` */
  shown(n: number, of: number): string
  /** `2 clés d’accès` */
  passkeys(n: number): string
  /** `Désactiver le compte de C. Marchand ?` */
  question(act: 'disable' | 'enable' | 'reset' | 'renew', name: string): string
  /** `valable jusqu’au 18/03/2026 02:46:31` */
  until(at: string): string
  /** `Lien pour C. Marchand` */
  linkFor(name: string): string
  /** `Rôle : Auditeur au lieu de Sécurité` */
  became(what: string, now: string, before: string): string
}
