/** Failures around bought devices and their gateways: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'

export const BOUGHT_ERRORS = {
  'device-bought': [
    409,
    'Device {device} was bought and holds no certificate: it is heard through its gateway. A gateway’s password is made with: vigie device password <id>',
    `L’appareil {device} vient du commerce et n’a pas de certificat${N}: on l’entend par sa passerelle. Le mot de passe d’une passerelle se crée avec${N}: vigie device password <id>`,
  ],
  'not-a-gateway': [
    409,
    'Device {device} is no gateway, so it has no password. Gateways are of the models {expected}.',
    `L’appareil {device} n’est pas une passerelle, il n’a donc pas de mot de passe. Les modèles de passerelles sont {expected}.`,
  ],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
