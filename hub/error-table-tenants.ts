/** Failures around connected applications: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'

export const TENANTS_ERRORS = {
  'tenant-unknown': [
    404,
    'No application {tenant} is registered. List them: GET /api/v1/tenants.',
    `Aucune application {tenant} n’est enregistrée. Affichez la liste${N}: GET /api/v1/tenants.`,
  ],
  'tenant-exists': [
    409,
    'An application {tenant} is registered already. Choose another id, or change that one.',
    'Une application {tenant} est déjà enregistrée. Choisissez un autre identifiant, ou modifiez celle-là.',
  ],
  'tenant-invalid': [
    422,
    'The scope cannot be: {field}: {expected}. Correct it and send it again.',
    `Ce périmètre n’est pas possible${N}: {field}${N}: {expected}. Corrigez-le et recommencez.`,
  ],
  'tenant-cut-off': [
    409,
    'The application {tenant} is cut off. To let it back in, make it a new token.',
    'L’application {tenant} est coupée. Pour la laisser revenir, créez-lui un nouveau jeton.',
  ],
  'tenant-term': [
    422,
    'A token of an application ends within {days} days. Choose an earlier day.',
    'Un jeton d’application prend fin dans les {days} jours. Choisissez une date plus proche.',
  ],
  'tenant-scope': [
    403,
    'Outside the scope of this application: {field} must be {expected}. What it may do: GET /api/v1/tenant.',
    `Hors du périmètre de cette application${N}: {field} doit être {expected}. Ce qui lui est permis${N}: GET /api/v1/tenant.`,
  ],
  'tenant-full': [
    409,
    'This application has as many live grants as it may have: {limit}. Revoke some, or wait until they end.',
    `Cette application a autant d’accès temporaires que permis${N}: {limit}. Retirez-en, ou attendez leur fin.`,
  ],
  'tenant-changed': [
    409,
    'The scope of this application was changed a moment ago, and nothing was done. Read GET /api/v1/tenant and send it again.',
    'Le périmètre de cette application vient de changer, et rien n’a été fait. Lisez GET /api/v1/tenant et recommencez.',
  ],
  'tenant-none': [
    404,
    'This answers applications that come with their own token. For operators: GET /api/v1/tenants.',
    `Ceci répond aux applications qui présentent leur jeton. Pour les opérateurs${N}: GET /api/v1/tenants.`,
  ],
  'grant-key-conflict': [
    409,
    'The key {key} stands for another grant, or for one that was taken back. Use a new key.',
    'La clé {key} désigne un autre accès temporaire, ou un accès déjà retiré. Prenez une nouvelle clé.',
  ],
} as const
