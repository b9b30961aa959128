/** What routes about rights answer: grants, badges, PINs, items of the site, questions. */
import { Type } from '#devices/schema.ts'
import {
  BadgeLostShape,
  DepartedShape,
  GrantIssuedShape,
  GrantListShape,
  GrantsIssuedShape,
  PeopleFoundShape,
  PinDoneShape,
  RevisedShape,
  SiteItemIdsShape,
  SiteItemShape,
} from './acts.ts'
import { ApprovalAskedShape } from './approvals.ts'
import type { Operations } from './operation.ts'
import { MayShape, SimulateShape, UnusedShape, WhoShape, WhyShape } from './questions.ts'

const PERSON = { params: { id: 'lea-aubry' } }
const ITEM = { params: { kind: 'zone', id: 't08' } }
const WRITTEN = ['journal-unavailable', 'site-changed', 'not-in-force'] as const
const EDITED = [
  'item-unknown',
  'item-invalid',
  'site-invalid',
  'site-conflict',
  'site-withdraws',
  'edit-conflict',
  'precondition-required',
  ...WRITTEN,
] as const
const SiteFile = Type.Object({}, { additionalProperties: true, description: 'docs/site.schema.json' })

export const ACCESS: Operations = {
  'GET /api/v1/grants': {
    id: 'listGrants',
    tag: 'access',
    says: {
      en: 'Temporary grants in force or to come; an application sees its own.',
      fr: 'Les accès temporaires en vigueur ou à venir ; une application voit les siens.',
    },
    answers: { 200: GrantListShape },
    example: { query: { all: 'true' } },
  },
  'POST /api/v1/grants': {
    id: 'issueGrant',
    tag: 'access',
    says: {
      en: 'Grants one person one place for a while; or up to 500 grants, all or none. 200: an application’s keys stood for all of them already.',
      fr: 'Accorde un lieu à une personne pour un temps ; ou jusqu’à 500 accès, tous ou aucun. 200 : les clés de l’application les désignaient déjà tous.',
    },
    answers: {
      200: Type.Union([GrantIssuedShape, GrantsIssuedShape]),
      201: Type.Union([GrantIssuedShape, GrantsIssuedShape]),
    },
    errors: [
      'grant-invalid',
      'person-unknown',
      'zone-unknown',
      'tenant-scope',
      'tenant-full',
      'tenant-changed',
      'grant-key-conflict',
      ...WRITTEN,
    ],
    example: {
      body: {
        person: 'lea-aubry',
        origin: 'shift',
        from: 4_102_444_800_000,
        until: 4_102_473_600_000,
        reference: 'tour-2100-01-01',
      },
    },
  },
  'DELETE /api/v1/grants/:id': {
    id: 'revokeGrant',
    tag: 'access',
    says: { en: 'Takes a grant back, at once.', fr: 'Retire un accès temporaire, aussitôt.' },
    answers: { 200: GrantIssuedShape },
    errors: ['grant-unknown', ...WRITTEN],
    example: { params: { id: 'g-0123456789abcdef' } },
  },
  'POST /api/v1/badges/:uid/lost': {
    id: 'reportBadgeLost',
    tag: 'access',
    says: {
      en: 'Reports a badge lost: it opens nothing any more.',
      fr: 'Déclare un badge perdu : il n’ouvre plus rien.',
    },
    answers: { 200: BadgeLostShape },
    errors: ['badge-unknown', ...WRITTEN],
    example: { params: { uid: '04F20154592213' } },
  },
  'POST /api/v1/people/:id/departure': {
    id: 'departPerson',
    tag: 'access',
    says: {
      en: 'Somebody leaves: badges, temporary access, PIN and account end in one act.',
      fr: 'Départ d’une personne : badges, accès temporaires, code PIN et compte prennent fin en un seul acte.',
    },
    answers: { 200: DepartedShape },
    errors: ['person-unknown', 'operator-own', 'operator-last', ...WRITTEN],
    example: { ...PERSON, body: { reason: 'Fin de contrat' } },
  },
  'PUT /api/v1/people/:id/pin': {
    id: 'setPin',
    tag: 'access',
    says: { en: 'Sets a person’s PIN.', fr: 'Enregistre le code PIN d’une personne.' },
    answers: { 200: PinDoneShape },
    errors: ['person-unknown', 'pin-weak', ...WRITTEN],
    example: { ...PERSON, body: { pin: '7294' } },
  },
  'DELETE /api/v1/people/:id/pin': {
    id: 'clearPin',
    tag: 'access',
    says: { en: 'Takes a person’s PIN away.', fr: 'Supprime le code PIN d’une personne.' },
    answers: { 200: PinDoneShape },
    errors: ['person-unknown', ...WRITTEN],
    example: PERSON,
  },
  'GET /api/v1/site/export': {
    id: 'exportSite',
    tag: 'site',
    says: { en: 'The whole site as a file for `vigie apply`.', fr: 'Tout le site, en un fichier pour `vigie apply`.' },
    answers: { 200: SiteFile },
  },
  'GET /api/v1/site/items/:kind': {
    id: 'listSiteItems',
    tag: 'site',
    says: { en: 'Ids of the items of one kind.', fr: 'Les identifiants des éléments d’un type.' },
    answers: { 200: SiteItemIdsShape },
    errors: ['input-invalid'],
    example: { params: { kind: 'zone' } },
  },
  'GET /api/v1/site/items/:kind/:id': {
    id: 'getSiteItem',
    tag: 'site',
    says: { en: 'One item; its revision is the ETag.', fr: 'Un élément ; sa révision est l’ETag.' },
    answers: { 200: SiteItemShape },
    etag: true,
    errors: ['item-unknown'],
    example: ITEM,
  },
  'PUT /api/v1/site/items/:kind/:id': {
    id: 'putSiteItem',
    tag: 'site',
    says: {
      en: 'Makes an item, or changes the one that was read: If-Match names the revision seen.',
      fr: 'Crée un élément, ou modifie celui qui a été lu : If-Match nomme la révision vue.',
    },
    answers: { 200: RevisedShape, 201: RevisedShape, 202: ApprovalAskedShape },
    etag: true,
    errors: [...EDITED, 'approval-pending'],
    headers: ['if-match', 'if-none-match'],
    example: { params: { kind: 'zone', id: 'annexe' }, body: { id: 'annexe', name: 'Annexe', parent: 'hopital' } },
  },
  'DELETE /api/v1/site/items/:kind/:id': {
    id: 'removeSiteItem',
    tag: 'site',
    says: {
      en: 'Removes an item: If-Match names the revision seen.',
      fr: 'Supprime un élément : If-Match nomme la révision vue.',
    },
    answers: { 200: RevisedShape, 202: ApprovalAskedShape },
    errors: [...EDITED, 'approval-pending'],
    headers: ['if-match'],
    example: { params: { kind: 'zone', id: 'annexe' } },
  },
  'GET /api/v1/explain': {
    id: 'explainDecision',
    tag: 'rights',
    says: {
      en: 'Why a badge did or did not open, rule by rule.',
      fr: 'Pourquoi un badge a ouvert, ou non, règle par règle.',
    },
    answers: { 200: WhyShape },
    errors: ['item-unknown', 'journal-unavailable'],
    example: { query: { person: 'lea-aubry', at: '07:02' } },
  },
  'GET /api/v1/people': {
    id: 'findPeople',
    tag: 'rights',
    says: {
      en: 'People of the site whose name or id has words that begin like these.',
      fr: 'Les personnes du site dont le nom ou l’identifiant a des mots qui commencent ainsi.',
    },
    answers: { 200: PeopleFoundShape },
    example: { query: { q: 'aubry' } },
  },
  'GET /api/v1/who': {
    id: 'whoMayOpen',
    tag: 'rights',
    says: { en: 'Who can open a place at a time.', fr: 'Qui peut ouvrir un lieu à un moment.' },
    answers: { 200: WhoShape },
    errors: ['item-unknown'],
    example: { query: { accessPoint: 'cab-02-a-cabinet' } },
  },
  'GET /api/v1/may': {
    id: 'whatMayOpen',
    tag: 'rights',
    says: { en: 'What a person may open, and why.', fr: 'Ce qu’une personne peut ouvrir, et pourquoi.' },
    answers: { 200: MayShape },
    errors: ['person-unknown', 'item-unknown'],
    example: { query: { person: 'lea-aubry' } },
  },
  'POST /api/v1/simulate': {
    id: 'simulateChange',
    tag: 'rights',
    says: {
      en: 'What a change of rights would have meant for the last days. Nothing is changed.',
      fr: 'Ce qu’un changement de droits aurait changé ces derniers jours. Rien n’est modifié.',
    },
    answers: { 200: SimulateShape },
    errors: ['item-unknown', 'item-invalid', 'site-invalid', 'journal-unavailable'],
    example: {
      body: {
        changes: [
          { kind: 'person', id: 'lea-aubry', item: { id: 'lea-aubry', name: 'Léa Aubry', roles: ['personnel'] } },
        ],
        days: 7,
      },
    },
  },
  'GET /api/v1/unused': {
    id: 'listUnused',
    tag: 'rights',
    says: {
      en: 'Rights, roles and grants that nobody has used.',
      fr: 'Les droits, rôles et accès temporaires que personne n’a utilisés.',
    },
    answers: { 200: UnusedShape },
    errors: ['journal-unavailable'],
    example: { query: { days: '90' } },
  },
}
