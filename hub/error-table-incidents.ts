/** Failures around incidents: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const [N, U] = ['\u202f', '\u00a0']

export const INCIDENTS_ERRORS = {
  'incident-unknown': [
    404,
    'No incident {incident}, or none that you may see. List them: GET /api/v1/incidents.',
    `Aucun incident {incident}, ou aucun qui vous concerne. Affichez la liste${N}: GET /api/v1/incidents.`,
  ],
  'incident-over': [
    409,
    'This incident is resolved, and nothing was changed. What comes now begins another.',
    'Cet incident est clos, et rien n’a été changé. Ce qui vient maintenant en ouvre un autre.',
  ],
  'incident-acknowledged': [
    409,
    'Somebody has acknowledged this incident already. Nothing was changed.',
    'Quelqu’un a déjà pris cet incident en compte. Rien n’a été changé.',
  ],
  'channel-unset': [
    409,
    'channel: this hub has no way to send by {channel}. Whoever runs it sets VIGIE_SMTP_URL and VIGIE_MAIL_FROM, or VIGIE_SMS_URL and VIGIE_SMS_FROM, or VIGIE_SMS_MODEM, or VIGIE_PUSH_CONTACT.',
    `channel${N}: ce hub ne peut rien envoyer par {channel}. Qui l’exploite règle VIGIE_SMTP_URL et VIGIE_MAIL_FROM, ou VIGIE_SMS_URL et VIGIE_SMS_FROM, ou VIGIE_SMS_MODEM, ou VIGIE_PUSH_CONTACT.`,
  ],
  'assignee-without-alerts': [
    422,
    'login: this account can’t take alerts of this zone. Choose one of GET /api/v1/incidents/{incident}/assignees.',
    `login${N}: ce compte ne peut pas prendre d’alertes de cette zone. Choisissez parmi GET /api/v1/incidents/{incident}/assignees.`,
  ],
  'browser-unknown': [
    404,
    'No browser {browser} of yours is told of alerts.',
    `Aucun de vos navigateurs {browser} n’est prévenu des alertes.`,
  ],
  'maintenance-unknown': [
    404,
    'No maintenance {maintenance} is under way: its time may be over.',
    `Aucune maintenance {maintenance} en cours${N}: elle est peut-être terminée.`,
  ],
  'one-place': [422, 'zone, device: name one of the two.', `zone, device${N}: nommez l’un des deux.`],
  'snooze-too-long': [
    422,
    'until: later than now, and within 24 hours. Resolve the incident if it is over.',
    `until${N}: après maintenant, et dans les 24${U}heures. Clôturez l’incident s’il est fini.`,
  ],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
