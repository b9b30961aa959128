/** What routes of one's own account and of other people's answer. */
import {
  AccountShape,
  FactorAddedShape,
  InvitedShape,
  OperatorListShape,
  OperatorViewShape,
  PasskeyOptionsShape,
  RecoveryCodesShape,
  RoleListShape,
  SessionListShape,
  TokenListShape,
  TokenMadeShape,
  TotpOfferShape,
} from './accounts.ts'
import { RevisedShape } from './acts.ts'
import type { Operations } from './operation.ts'

const PASSWORD = 'correct horse battery staple'
const WRITTEN = ['journal-unavailable'] as const
const TRIED = ['too-many-requests', 'journal-unavailable'] as const
const CHANGED = ['journal-unavailable', 'site-changed', 'not-in-force'] as const

export const ACCOUNTS: Operations = {
  'GET /api/v1/account': {
    id: 'getAccount',
    tag: 'account',
    says: { en: 'One’s own account and its factors.', fr: 'Son propre compte et ses facteurs.' },
    answers: { 200: AccountShape },
  },
  'POST /api/v1/account/totp': {
    id: 'offerTotp',
    tag: 'account',
    says: {
      en: 'A secret for a code generator; it counts once a code of it was shown.',
      fr: 'Un secret pour un générateur de codes ; il compte dès qu’un de ses codes a été donné.',
    },
    answers: { 200: TotpOfferShape },
    errors: [...WRITTEN],
  },
  'PUT /api/v1/account/totp': {
    id: 'confirmTotp',
    tag: 'account',
    says: {
      en: 'Shows a code of the secret offered, which counts from then on.',
      fr: 'Donne un code du secret proposé, qui compte dès lors.',
    },
    answers: { 200: FactorAddedShape },
    errors: ['totp-unoffered', 'factor-refused', ...TRIED],
    example: { body: { code: '123456' } },
  },
  'DELETE /api/v1/account/totp': {
    id: 'removeTotp',
    tag: 'account',
    says: { en: 'Takes the code generator away.', fr: 'Retire le générateur de codes.' },
    answers: { 204: null },
    errors: ['factor-needed', 'factor-none', ...WRITTEN],
  },
  'POST /api/v1/account/passkeys/options': {
    id: 'offerPasskey',
    tag: 'account',
    says: {
      en: 'What navigator.credentials.create is called with; good for five minutes, once.',
      fr: 'Ce qu’il faut donner à navigator.credentials.create ; valable cinq minutes, une fois.',
    },
    answers: { 200: PasskeyOptionsShape },
    errors: ['passkey-needs-name', 'passkeys-full', ...WRITTEN],
  },
  'POST /api/v1/account/passkeys': {
    id: 'addPasskey',
    tag: 'account',
    says: { en: 'Registers a passkey.', fr: 'Enregistre une clé d’accès.' },
    answers: { 201: FactorAddedShape },
    errors: ['passkey-refused', 'passkey-needs-name', 'passkeys-full', ...WRITTEN],
  },
  'DELETE /api/v1/account/passkeys/:id': {
    id: 'removePasskey',
    tag: 'account',
    says: { en: 'Takes a passkey away.', fr: 'Retire une clé d’accès.' },
    answers: { 204: null },
    errors: ['factor-needed', 'factor-none', ...WRITTEN],
    example: { params: { id: 'AbCdEf0123' } },
  },
  'POST /api/v1/account/recovery-codes': {
    id: 'makeRecoveryCodes',
    tag: 'account',
    says: {
      en: 'Ten new recovery codes, in place of the old ones.',
      fr: 'Dix nouveaux codes de secours, à la place des anciens.',
    },
    answers: { 200: RecoveryCodesShape },
    errors: ['factor-none', ...WRITTEN],
  },
  'PUT /api/v1/account/password': {
    id: 'changePassword',
    tag: 'account',
    says: {
      en: 'Changes one’s password; every other session ends.',
      fr: 'Change son mot de passe ; toutes les autres sessions se terminent.',
    },
    answers: { 204: null },
    errors: ['operator-external', 'password-wrong', 'password-weak', 'password-breached', ...TRIED],
    example: { body: { current: PASSWORD, next: 'another correct horse battery' } },
  },
  'GET /api/v1/account/sessions': {
    id: 'listSessions',
    tag: 'account',
    says: { en: 'One’s sessions, newest first.', fr: 'Ses sessions, la plus récente d’abord.' },
    answers: { 200: SessionListShape },
  },
  'DELETE /api/v1/account/sessions': {
    id: 'endOtherSessions',
    tag: 'account',
    says: { en: 'Ends every other session.', fr: 'Met fin à toutes les autres sessions.' },
    answers: { 204: null },
    errors: [...WRITTEN],
  },
  'DELETE /api/v1/account/sessions/:id': {
    id: 'endSession',
    tag: 'account',
    says: { en: 'Ends one session.', fr: 'Met fin à une session.' },
    answers: { 204: null },
    errors: ['session-unknown', ...WRITTEN],
    example: { params: { id: 'A'.repeat(43) } },
  },
  'GET /api/v1/roles': {
    id: 'listRoles',
    tag: 'operators',
    says: { en: 'What each role may do.', fr: 'Ce que chaque rôle peut faire.' },
    answers: { 200: RoleListShape },
  },
  'GET /api/v1/operators': {
    id: 'listOperators',
    tag: 'operators',
    says: { en: 'All accounts.', fr: 'Tous les comptes.' },
    answers: { 200: OperatorListShape },
  },
  'POST /api/v1/operators': {
    id: 'inviteOperator',
    tag: 'operators',
    says: {
      en: 'Invites a named person; the one-time link is in the answer, and mailed if mail is set up.',
      fr: 'Invite une personne nommée ; le lien à usage unique est dans la réponse, et envoyé si le courriel est réglé.',
    },
    answers: { 201: InvitedShape },
    etag: true,
    errors: ['operator-exists', 'role-unknown', 'zone-unknown', ...CHANGED],
    example: { body: { login: 'm.petit', name: 'Marie Petit', role: 'ward-manager', zones: ['hospitalisation'] } },
  },
  'GET /api/v1/operators/:login': {
    id: 'getOperator',
    tag: 'operators',
    says: { en: 'One account; its revision is the ETag.', fr: 'Un compte ; sa révision est l’ETag.' },
    answers: { 200: OperatorViewShape },
    etag: true,
    errors: ['operator-unknown'],
    example: { params: { login: 'claire' } },
  },
  'PATCH /api/v1/operators/:login': {
    id: 'changeOperator',
    tag: 'operators',
    says: {
      en: 'Changes name, role, zones or status, never one’s own: If-Match names the revision seen.',
      fr: 'Change le nom, le rôle, les zones ou l’état, jamais les siens : If-Match nomme la révision vue.',
    },
    answers: { 200: OperatorViewShape },
    etag: true,
    errors: [
      'operator-unknown',
      'operator-own',
      'operator-external',
      'operator-last',
      'role-unknown',
      'zone-unknown',
      'edit-conflict',
      'precondition-required',
      ...CHANGED,
    ],
    headers: ['if-match'],
    example: { params: { login: 'claire' }, body: { status: 'disabled', reason: 'A quitté l’établissement' } },
  },
  'POST /api/v1/operators/:login/reset': {
    id: 'resetOperator',
    tag: 'operators',
    says: {
      en: 'Takes password, factors and sessions away, and makes a new one-time link.',
      fr: 'Retire mot de passe, facteurs et sessions, et fait un nouveau lien à usage unique.',
    },
    answers: { 200: InvitedShape },
    etag: true,
    errors: ['operator-unknown', 'operator-own', 'operator-external', 'operator-disabled', 'operator-last', ...CHANGED],
    example: { params: { login: 'claire' }, body: { reason: 'Téléphone perdu' } },
  },
  'GET /api/v1/tokens': {
    id: 'listTokens',
    tag: 'tokens',
    says: {
      en: 'Tokens that are good, and when each was last used.',
      fr: 'Les jetons valables, et leur dernier emploi.',
    },
    answers: { 200: TokenListShape },
  },
  'POST /api/v1/tokens': {
    id: 'makeToken',
    tag: 'tokens',
    says: {
      en: 'Makes a token, shown once: never more than you may do, and never managing accounts, tokens or keys.',
      fr: 'Crée un jeton, montré une fois : jamais plus que vos propres droits, et jamais pour gérer comptes, jetons ou clés.',
    },
    answers: { 201: TokenMadeShape },
    errors: ['token-beyond', 'token-term', 'tokens-full', 'zone-unknown', ...CHANGED],
    example: {
      body: { name: 'Supervision', capabilities: ['events.read', 'health.read'], expiresAt: 1_800_000_000_000 },
    },
  },
  'DELETE /api/v1/tokens/:id': {
    id: 'revokeToken',
    tag: 'tokens',
    says: { en: 'Revokes a token, at once.', fr: 'Révoque un jeton, aussitôt.' },
    answers: { 204: null },
    errors: ['token-unknown', ...CHANGED],
    example: { params: { id: 't-0123456789abcdef' } },
  },
  'PUT /api/v1/operators/:login/person': {
    id: 'linkOperator',
    tag: 'operators',
    says: { en: 'Says which person of the site an operator is.', fr: 'Dit quelle personne du site est un opérateur.' },
    answers: { 200: RevisedShape },
    errors: ['operator-unknown', 'person-unknown', 'link-own', ...CHANGED],
    example: { params: { login: 'claire' }, body: { person: 'lea-aubry' } },
  },
  'DELETE /api/v1/operators/:login/person': {
    id: 'unlinkOperator',
    tag: 'operators',
    says: {
      en: 'Takes the link between an operator and a person away.',
      fr: 'Supprime le lien entre un opérateur et une personne.',
    },
    answers: { 200: RevisedShape },
    errors: ['operator-unknown', 'link-own', ...CHANGED],
    example: { params: { login: 'claire' } },
  },
}
