/** What routes of signing in answer, and those of devices' enrolment: whoever asks is not known yet. */
import { PasskeyOptionsShape, SessionInfoShape } from './accounts.ts'
import type { Operations } from './operation.ts'

const PASSWORD = 'correct horse battery staple'
const TRIED = ['too-many-requests', 'journal-unavailable'] as const
const PKCS7 = { media: ['application/pkcs7-mime'], says: { en: 'Certificates, PKCS#7', fr: 'Des certificats, PKCS#7' } }
const CSR = 'application/pkcs10'

export const SESSION: Operations = {
  'GET /api/v1/session': {
    id: 'getSession',
    tag: 'session',
    says: { en: 'Who is signed in, and how far.', fr: 'Qui est connecté, et à quelle étape.' },
    answers: { 200: SessionInfoShape },
  },
  'POST /api/v1/session': {
    id: 'signIn',
    tag: 'session',
    says: {
      en: 'Signs in with a password; the answer says what is owed next.',
      fr: 'Connecte par mot de passe ; la réponse dit ce qu’il faut encore.',
    },
    answers: { 200: SessionInfoShape },
    errors: ['sign-in-refused', ...TRIED],
    example: { body: { login: 'claire', password: PASSWORD } },
  },
  'POST /api/v1/session/factor': {
    id: 'finishSignIn',
    tag: 'session',
    says: {
      en: 'Finishes signing in with a second factor: exactly one of the three.',
      fr: 'Termine la connexion par un second facteur : un seul des trois.',
    },
    answers: { 200: SessionInfoShape },
    errors: ['factor-refused', 'passkey-needs-name', ...TRIED],
    example: { body: { totp: '123456' } },
  },
  'POST /api/v1/session/passkey/options': {
    id: 'askForPasskey',
    tag: 'session',
    says: {
      en: 'What navigator.credentials.get is called with; good for five minutes, once.',
      fr: 'Ce qu’il faut donner à navigator.credentials.get ; valable cinq minutes, une fois.',
    },
    answers: { 200: PasskeyOptionsShape },
    errors: ['factor-none', 'passkey-needs-name', 'too-many-requests'],
  },
  'POST /api/v1/session/passkey': {
    id: 'signInByPasskey',
    tag: 'session',
    says: { en: 'Signs in with a passkey alone.', fr: 'Connecte par une clé d’accès seule.' },
    answers: { 200: SessionInfoShape },
    errors: ['factor-refused', 'sign-in-refused', 'passkey-needs-name', 'provider-only', ...TRIED],
  },
  'POST /api/v1/session/step-up': {
    id: 'stepUp',
    tag: 'session',
    says: {
      en: 'Renews the proof of who is signed in; by password only where there is no second factor.',
      fr: 'Renouvelle la preuve de qui est connecté ; par mot de passe seulement s’il n’y a pas de second facteur.',
    },
    answers: { 200: SessionInfoShape },
    errors: ['factor-refused', 'password-wrong', 'passkey-needs-name', ...TRIED],
    example: { body: { totp: '123456' } },
  },
  'GET /api/v1/session/provider': {
    id: 'beginAtProvider',
    tag: 'session',
    says: {
      en: 'For browsers: sends to the hospital’s identity provider to sign in, or to prove afresh who one is.',
      fr: 'Pour les navigateurs : envoie au fournisseur d’identité de l’hôpital, pour se connecter ou prouver de nouveau qui l’on est.',
    },
    answers: { 303: null },
    errors: ['provider-unset'],
  },
  'GET /api/v1/session/provider/callback': {
    id: 'finishAtProvider',
    tag: 'session',
    says: {
      en: 'For browsers: back from the identity provider; on to the page, which says what went wrong, if anything.',
      fr: 'Pour les navigateurs : retour du fournisseur d’identité, puis vers la page, qui dit ce qui n’a pas marché.',
    },
    answers: { 303: null },
    errors: ['provider-unset'],
  },
  'GET /api/v1/session/provider/logout': {
    id: 'leaveProvider',
    tag: 'session',
    says: {
      en: 'For browsers: sends to where the session at the identity provider is ended too.',
      fr: 'Pour les navigateurs : envoie là où se ferme aussi la session chez le fournisseur d’identité.',
    },
    answers: { 303: null },
    errors: ['provider-unset'],
  },
  'POST /api/v1/session/provider/logout': {
    id: 'endByProvider',
    tag: 'session',
    says: {
      en: 'For the identity provider: ends all sessions of a subject (OpenID Connect Back-Channel Logout 1.0).',
      fr: 'Pour le fournisseur d’identité : ferme toutes les sessions d’une personne (OpenID Connect Back-Channel Logout 1.0).',
    },
    answers: { 204: null },
    errors: ['provider-unset', 'provider-unreachable', 'logout-token-refused', 'input-invalid'],
    rawBody: 'application/x-www-form-urlencoded',
  },
  'DELETE /api/v1/session': {
    id: 'signOut',
    tag: 'session',
    says: { en: 'Signs out.', fr: 'Déconnecte.' },
    answers: { 204: null },
  },
  'POST /api/v1/setup': {
    id: 'setUp',
    tag: 'session',
    says: { en: 'Makes the first administrator, once.', fr: 'Crée le premier administrateur, une seule fois.' },
    answers: { 201: SessionInfoShape },
    errors: ['setup-refused', 'password-weak', 'password-breached', ...TRIED],
    example: { body: { token: 'aSetupToken', login: 'claire', name: 'Claire Marchand', password: PASSWORD } },
  },
  'POST /api/v1/invitation': {
    id: 'acceptInvitation',
    tag: 'session',
    says: {
      en: 'Sets the password of an invited account, and signs in.',
      fr: 'Choisit le mot de passe d’un compte invité, et connecte.',
    },
    answers: { 201: SessionInfoShape },
    errors: ['invitation-refused', 'password-weak', 'password-breached', ...TRIED],
    example: { body: { token: 'aTokenOfALink', password: PASSWORD } },
  },
  'GET /.well-known/est/cacerts': {
    id: 'getAuthority',
    tag: 'hub',
    says: {
      en: 'The certificate of the site’s authority (RFC 7030). Over TLS only.',
      fr: 'Le certificat de l’autorité du site (RFC 7030). Par TLS seulement.',
    },
    answers: { 200: PKCS7 },
    errors: ['not-found'],
  },
  'POST /.well-known/est/simpleenroll': {
    id: 'enrolDevice',
    tag: 'hub',
    says: {
      en: 'A device’s first certificate, for a one-time code (RFC 7030).',
      fr: 'Le premier certificat d’un appareil, contre un code à usage unique (RFC 7030).',
    },
    answers: { 200: PKCS7 },
    errors: [
      'not-found',
      'enrol-code-required',
      'enrol-code-invalid',
      'csr-invalid',
      'device-unknown',
      'device-revoked',
      'too-many-requests',
    ],
    rawBody: CSR,
  },
  'POST /.well-known/est/simplereenroll': {
    id: 'renewDevice',
    tag: 'hub',
    says: {
      en: 'A device’s next certificate, for its present one (RFC 7030).',
      fr: 'Le certificat suivant d’un appareil, contre l’actuel (RFC 7030).',
    },
    answers: { 200: PKCS7 },
    errors: [
      'not-found',
      'client-certificate-required',
      'csr-invalid',
      'device-unknown',
      'device-revoked',
      'renewal-too-early',
      'too-many-requests',
    ],
    rawBody: CSR,
  },
}
