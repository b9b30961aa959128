/** Failures around webhooks: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'

export const WEBHOOKS_ERRORS = {
  'webhook-unknown': [
    404,
    'There is no webhook {webhook}. List them: GET /api/v1/webhooks.',
    `Il n’y a pas de webhook {webhook}. Affichez la liste${N}: GET /api/v1/webhooks.`,
  ],
  'webhooks-closed': [
    409,
    'This hub sends webhooks nowhere. Have whoever runs it name the receivers in VIGIE_WEBHOOK_HOSTS.',
    'Ce hub n’envoie de webhooks nulle part. Faites nommer les destinataires dans VIGIE_WEBHOOK_HOSTS par qui l’exploite.',
  ],
  'webhook-host': [
    422,
    'Webhooks may not go to {host}. Choose a receiver that VIGIE_WEBHOOK_HOSTS names, or have it added there.',
    'Les webhooks ne peuvent pas aller vers {host}. Choisissez un destinataire nommé dans VIGIE_WEBHOOK_HOSTS, ou faites-l’y ajouter.',
  ],
  'webhooks-full': [
    409,
    'There are as many webhooks as there may be: {limit}. Remove one first.',
    `Il y a autant de webhooks que permis${N}: {limit}. Retirez-en un d’abord.`,
  ],
  'webhook-foreign': [
    409,
    'Webhook {webhook} is an application’s own: it can be paused, resumed, tried or removed here, and changed by that application only.',
    `Le webhook {webhook} est celui d’une application${N}: ici on peut le suspendre, le reprendre, l’essayer ou le retirer, et seule cette application le modifie.`,
  ],
  'webhook-ended': [
    409,
    'Webhook {webhook} is told nothing while its application may have none. Give the application a token and the right first.',
    'Le webhook {webhook} ne reçoit rien tant que son application n’y a pas droit. Donnez d’abord à l’application un jeton et ce droit.',
  ],
  'webhook-dead-unknown': [
    404,
    'Row {row} is not set aside for this webhook, or was delivered meanwhile. Read the list again.',
    'La ligne {row} n’est pas mise de côté pour ce webhook, ou a été livrée entre-temps. Relisez la liste.',
  ],
  'webhook-row-gone': [
    409,
    'Row {row} cannot be sent any more: its content was erased at its term, or it is not for this webhook now.',
    `La ligne {row} ne peut plus être envoyée${N}: son contenu a été effacé à son terme, ou elle n’est plus pour ce webhook.`,
  ],
} as const
