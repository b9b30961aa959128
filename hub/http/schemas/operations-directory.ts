/** What SCIM routes answer (RFC 7644). */
import { ENTERPRISE, GROUP, MESSAGE, USER } from '../scim/attributes.ts'
import type { Operation, Operations } from './operation.ts'
import { ScimGroupShape, ScimListShape, ScimResourceShape, ScimUserShape } from './scim.ts'

const ID = { id: '7d0f3c58-3f0e-4a57-9a2b-0c0d5a2a9f11' }
const SCIM = { tag: 'directory', scim: true } as const
const ASKED = ['scim-filter'] as const
const WRITTEN = [
  ...(['scim-invalid', 'scim-taken', 'directory-unusable', 'journal-unavailable', 'operator-last'] as const),
  ...(['edit-conflict', 'site-changed', 'operator-exists', 'person-unknown', 'not-in-force'] as const),
]
const PATCHED = ['scim-path', 'scim-filter', 'scim-target', 'scim-read-only'] as const
const EDITED = { headers: ['if-match'], etag: true } as const
const PATCH = { schemas: [`${MESSAGE}PatchOp`] }

const read = (id: string, en: string, fr: string, more: Partial<Operation>): Operation => ({
  ...{ ...SCIM, id, says: { en, fr }, answers: { 200: ScimResourceShape } },
  ...more,
})

const USER_BODY = {
  schemas: [USER, ENTERPRISE],
  userName: 'camille.marchand@chu.example',
  externalId: '0a4b6c88',
  displayName: 'Camille Marchand',
  active: true,
  [ENTERPRISE]: { department: 'Pharmacie' },
}
const GROUP_BODY = { schemas: [GROUP], displayName: 'Vigie IT', members: [{ value: ID.id }] }

const DISCOVERY: Operations = {
  'GET /scim/v2/ServiceProviderConfig': read(
    'getScimConfig',
    'What of SCIM is there: PATCH, filters and ETags; no bulk, no sorting.',
    'Ce qu’il y a de SCIM : PATCH, filtres et ETags ; ni lots, ni tri.',
    {},
  ),
  'GET /scim/v2/ResourceTypes': read(
    'listScimTypes',
    'Kinds of resources: users and groups.',
    'Les genres de ressources : utilisateurs et groupes.',
    { answers: { 200: ScimListShape } },
  ),
  'GET /scim/v2/ResourceTypes/:id': read('getScimType', 'One kind of resource.', 'Un genre de ressource.', {
    errors: ['scim-unknown'],
    example: { params: { id: 'User' } },
  }),
  'GET /scim/v2/Schemas': read('listScimSchemas', 'Attributes that are kept.', 'Les attributs conservés.', {
    answers: { 200: ScimListShape },
  }),
  'GET /scim/v2/Schemas/:id': read('getScimSchema', 'One schema.', 'Un schéma.', {
    errors: ['scim-unknown'],
    example: { params: { id: USER } },
  }),
}

const USERS: Operations = {
  'GET /scim/v2/Users': read(
    'listScimUsers',
    'Users of the directory, by a filter or all of them, 200 at most at a time.',
    'Les utilisateurs de l’annuaire, par un filtre ou tous, 200 au plus à la fois.',
    {
      answers: { 200: ScimListShape },
      errors: ASKED,
      example: { query: { filter: 'userName eq "camille.marchand@chu.example"' } },
    },
  ),
  'POST /scim/v2/Users': read(
    'createScimUser',
    'Somebody works here: a person of the site, and an account where their groups give one.',
    'Quelqu’un travaille ici : une personne du site, et un compte si ses groupes en donnent un.',
    { answers: { 201: ScimUserShape }, etag: true, errors: WRITTEN, example: { body: USER_BODY } },
  ),
  'GET /scim/v2/Users/:id': read('getScimUser', 'One user.', 'Un utilisateur.', {
    answers: { 200: ScimUserShape, 304: null },
    headers: ['if-none-match'],
    etag: true,
    errors: ['scim-unknown'],
    example: { params: ID },
  }),
  'PUT /scim/v2/Users/:id': read('putScimUser', 'A user as a whole.', 'Un utilisateur en entier.', {
    ...EDITED,
    answers: { 200: ScimUserShape },
    errors: ['scim-unknown', ...WRITTEN],
    example: { params: ID, body: USER_BODY },
  }),
  'PATCH /scim/v2/Users/:id': read(
    'changeScimUser',
    'Changes a user. Not active: badges, temporary access, PIN and account end before the answer.',
    'Modifie un utilisateur. Inactif : badges, accès temporaires, code PIN et compte prennent fin avant la réponse.',
    {
      ...EDITED,
      answers: { 200: ScimUserShape },
      errors: ['scim-unknown', ...WRITTEN, ...PATCHED],
      example: {
        params: ID,
        body: { ...PATCH, Operations: [{ op: 'replace', path: 'active', value: false }] },
      },
    },
  ),
  'DELETE /scim/v2/Users/:id': read(
    'deleteScimUser',
    'The user leaves, and is no user any more; the person stays in the site with an end.',
    'L’utilisateur part et n’en est plus un ; la personne reste dans le site avec une fin.',
    {
      answers: { 204: null },
      headers: ['if-match'],
      errors: ['scim-unknown', ...WRITTEN],
      example: { params: ID },
    },
  ),
}

const GROUPS: Operations = {
  'GET /scim/v2/Groups': read(
    'listScimGroups',
    'Groups of the directory, by a filter or all of them, 200 at most at a time.',
    'Les groupes de l’annuaire, par un filtre ou tous, 200 au plus à la fois.',
    {
      answers: { 200: ScimListShape },
      errors: ASKED,
      example: { query: { filter: 'displayName eq "Vigie IT"', excludedAttributes: 'members' } },
    },
  ),
  'POST /scim/v2/Groups': read(
    'createScimGroup',
    'A group; what the file of groups gives to it, its members have at once.',
    'Un groupe ; ce que le fichier des groupes lui donne, ses membres l’ont aussitôt.',
    {
      answers: { 201: ScimGroupShape },
      etag: true,
      errors: WRITTEN,
      example: { body: { ...GROUP_BODY, members: [] } },
    },
  ),
  'GET /scim/v2/Groups/:id': read('getScimGroup', 'One group.', 'Un groupe.', {
    answers: { 200: ScimGroupShape, 304: null },
    headers: ['if-none-match'],
    etag: true,
    errors: ['scim-unknown'],
    example: { params: ID },
  }),
  'PUT /scim/v2/Groups/:id': read('putScimGroup', 'A group as a whole.', 'Un groupe en entier.', {
    ...EDITED,
    answers: { 200: ScimGroupShape },
    errors: ['scim-unknown', ...WRITTEN],
    example: { params: ID, body: GROUP_BODY },
  }),
  'PATCH /scim/v2/Groups/:id': read(
    'changeScimGroup',
    'Changes a group: its members’ rights and accounts follow before the answer.',
    'Modifie un groupe : les droits et comptes de ses membres suivent avant la réponse.',
    {
      answers: { 204: null },
      headers: ['if-match'],
      errors: ['scim-unknown', ...WRITTEN, ...PATCHED],
      example: {
        params: ID,
        body: { ...PATCH, Operations: [{ op: 'add', path: 'members', value: [{ value: ID.id }] }] },
      },
    },
  ),
  'DELETE /scim/v2/Groups/:id': read(
    'deleteScimGroup',
    'The group is gone, and what it gave.',
    'Le groupe a disparu, et ce qu’il donnait.',
    {
      answers: { 204: null },
      headers: ['if-match'],
      errors: ['scim-unknown', ...WRITTEN],
      example: { params: ID },
    },
  ),
}

export const DIRECTORY: Operations = { ...DISCOVERY, ...USERS, ...GROUPS }
