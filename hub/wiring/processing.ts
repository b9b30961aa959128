/** What the record of processing and the file of a person say of the configuration. */
import type { Config } from '../config.ts'
import type { Said } from '../errors.ts'
import type { ProcessingFacts } from '../export/processing-record.ts'
import { siteOf } from '../flows/registry.ts'
import { operators } from '../record/accounts.ts'
import { holdsInForce } from '../record/holds.ts'
import { items, siteId } from '../record/site.ts'
import type { Db } from '../record/sql.ts'
import { webhookRows } from '../record/webhooks.ts'
import { NAMES_KEPT_MS } from '../rules/movements.ts'
import { PURPOSE_NAMES, PURPOSES, termOf } from '../rules/retention.ts'
import { VISITOR_KEPT_MS } from '../rules/visits.ts'
import { schedulesIn } from './export-schedules.ts'
import { policyOf } from './privacying.ts'
import { MESSAGES_KEPT_MS } from './telling.ts'

const DAY_MS = 86_400_000

export function processingFacts(db: Db, config: Config, now: number): ProcessingFacts {
  const site = siteOf({ items: items(db), siteId: siteId(db) })
  const policy = policyOf(db)
  const count = (kind: string): number => site.people.filter(p => (p.kind ?? 'staff') === kind).length
  return {
    site: site.site.name,
    madeAt: now,
    purposes: [
      ...PURPOSE_NAMES.map(p => {
        const { words, basis, data, required, days } = PURPOSES[p]
        return { words, basis, data, required, usualDays: days, days: termOf(p, policy) / DAY_MS }
      }),
      ...BESIDE.map(b => ({ ...b, basis: PURPOSES.administration.basis, required: false, usualDays: b.days })),
    ],
    people: [
      { words: { fr: 'Personnel', en: 'Staff' }, count: count('staff') },
      { words: { fr: 'Visiteurs', en: 'Visitors' }, count: count('visitor') },
      { words: { fr: 'Prestataires', en: 'Contractors' }, count: count('contractor') },
      { words: { fr: 'Opérateurs du système', en: 'Operators of the system' }, count: operators(db).length },
    ],
    recipients: recipientsOf(db, config),
    security: SECURITY,
    holds: holdsInForce(db).length,
  }
}

/** What is kept of people beside the journal, with a term of its own after its end. */
const BESIDE = [
  {
    words: { fr: 'Arrivées et départs', en: 'Arrivals and departures' },
    data: {
      fr: 'nom, métier, service, dates, adresse mail, équipement remis, remarque\u202f; effacés après la fin, l’identifiant et les dates restent',
      en: 'name, job, department, dates, mail address, equipment, remark; erased after the end, id and dates stay',
    },
    days: NAMES_KEPT_MS / DAY_MS,
  },
  {
    words: { fr: 'Visites', en: 'Visits' },
    data: {
      fr: 'nom et société du visiteur, hôte, heures, portes, numéro du badge prêté\u202f; effacés après la fin, les heures et les portes restent',
      en: 'name and company of the visitor, host, times, doors, number of the lent badge; erased after the end, times and doors stay',
    },
    days: VISITOR_KEPT_MS / DAY_MS,
  },
  {
    words: { fr: 'Alertes', en: 'Alerts' },
    data: {
      fr: 'à qui et par quel moyen une alerte est partie, sous pseudonyme\u202f; le numéro de téléphone de qui veut être prévenu, jusqu’à ce qu’il le retire ou que son compte soit effacé',
      en: 'to whom and by which way an alert went, by pseudonym; the telephone number of whoever wants to be told, until they take it back or their account is erased',
    },
    days: MESSAGES_KEPT_MS / DAY_MS,
  },
]

/** Who gets data of people, as configured. Witnesses get hashes and signatures, which say nothing of anybody. */
export function recipientsOf(db: Db, config: Config): Said[] {
  const to = config.backupTo.join(', ')
  const witnesses = [...config.witnessFiles, ...config.witnessHubs, config.witnessSyslog].filter(Boolean).join(', ')
  return [
    {
      fr: 'Les opérateurs de l’établissement, selon leur rôle\u202f; chaque lecture est une ligne du journal',
      en: 'The operators of the institution, by their role; each reading is a row of the journal',
    },
    ...(config.syslog
      ? [
          {
            fr: `Le serveur de journaux ${config.syslog}\u202f: chaque ligne, sous pseudonyme, par TLS`,
            en: `The log server ${config.syslog}: every row, with pseudonyms, over TLS`,
          },
        ]
      : []),
    ...(to
      ? [
          {
            fr: `Sauvegardes chiffrées dans ${to}, ${config.backupKeep} au plus dans chaque dossier\u202f: ce qui est effacé y reste jusqu’à leur remplacement`,
            en: `Encrypted backups in ${to}, ${config.backupKeep} at most in each folder: what is erased stays in them until they are replaced`,
          },
        ]
      : []),
    ...alertRecipients(config),
    ...exportRecipients(db, config.smtpUrl),
    ...webhookRecipients(db),
    ...(witnesses
      ? [
          {
            fr: `Témoins (${witnesses})\u202f: empreintes et signatures, aucune donnée personnelle`,
            en: `Witnesses (${witnesses}): hashes and signatures, no personal data`,
          },
        ]
      : []),
  ]
}

/** Alerts carry no name of anybody; the number or the address of whom they go to is a person's all the same. */
function alertRecipients({ smtpUrl, mailFrom, smsUrl, smsModem, pushContact }: Config): Said[] {
  const mail = smtpUrl !== '' && mailFrom !== '' ? new URL(smtpUrl).host : ''
  const sms = smsUrl === '' ? '' : new URL(smsUrl).host
  return [
    ...(mail
      ? [
          {
            fr: `Alertes par courriel, par ${mail}\u202f: adresse du destinataire, lieu et nature de l’alerte, aucun nom`,
            en: `Alerts by mail, through ${mail}: address of the recipient, place and kind of the alert, no name`,
          },
        ]
      : []),
    ...(sms || smsModem
      ? [
          {
            fr: `Alertes par SMS, par ${sms || 'un modem de cette machine'}\u202f: numéro du destinataire, lieu et nature de l’alerte, aucun nom`,
            en: `Alerts by text message, through ${sms || 'a modem of this machine'}: number of the recipient, place and kind of the alert, no name`,
          },
        ]
      : []),
    ...(pushContact
      ? [
          {
            fr: 'Alertes par notification, par le service du fabricant du navigateur\u202f: contenu chiffré pour ce navigateur, aucun nom',
            en: 'Alerts by notification, through the service of the browser’s maker: sealed for that browser, no name',
          },
        ]
      : []),
  ]
}

/** Those that are paused too: what they were told, they have. */
const webhookRecipients = (db: Db): Said[] =>
  webhookRows(db).map(({ name, url }) => ({
    fr: `Webhook «\u202f${name}\u202f» (${new URL(url).host})\u202f: événements avec les noms que son propriétaire peut voir, par TLS`,
    en: `Webhook “${name}” (${new URL(url).host}): events with the names that its owner may see, over TLS`,
  }))

/** Who else is written to is told by domain: an address is a person's too. The URL of the server holds a password. */
function exportRecipients(db: Db, smtpUrl: string): Said[] {
  const schedules = schedulesIn(db)
  const folders = [...new Set(schedules.flatMap(s => s.folder ?? []))]
  const mailed = schedules.filter(s => s.mail !== undefined)
  const addresses = [...new Set(mailed.flatMap(s => s.mail ?? []))]
  const domains = [...new Set(addresses.map(a => a.slice(a.lastIndexOf('@') + 1)))].join(', ')
  const server = URL.canParse(smtpUrl) ? new URL(smtpUrl).host : ''
  const names = { fr: server || 'du hub', en: server || 'of the hub' }
  return [
    ...folders.map(folder => ({
      fr: `Exports programmés, chiffrés, dans ${folder}`,
      en: `Scheduled exports, encrypted, in ${folder}`,
    })),
    ...(mailed.length > 0
      ? [
          {
            fr: `Exports programmés, chiffrés, par courriel\u202f: ${addresses.length} adresse(s), ${domains}`,
            en: `Scheduled exports, encrypted, by mail: ${addresses.length} address(es), ${domains}`,
          },
          {
            fr: `Le serveur de courriel ${names.fr}\u202f: il achemine ces exports chiffrés\u202f; il voit les adresses, l’objet et le nombre de lignes, pas le contenu`,
            en: `The mail server ${names.en}: it carries these encrypted exports; it sees addresses, subject and number of rows, not what is in them`,
          },
        ]
      : []),
  ]
}

const SECURITY: readonly Said[] = [
  {
    fr: 'Base de données chiffrée (AES-256), chaque page authentifiée\u202f; clés lisibles du seul compte du service',
    en: 'Database encrypted (AES-256), every page authenticated; keys readable by the account of the service alone',
  },
  {
    fr: 'Pseudonymes dans le journal\u202f; les noms ne sont joints qu’à la lecture, pour qui peut les voir',
    en: 'Pseudonyms in the journal; names are joined at reading time only, for those who may see them',
  },
  {
    fr: 'Appareils authentifiés par certificat, TLS 1.3\u202f; chacun n’écrit que sous son nom',
    en: 'Devices authenticated by certificate, TLS 1.3; each writes under its own name only',
  },
  {
    fr: 'Opérateurs par rôle, mots de passe hachés (argon2id), sessions limitées dans le temps\u202f; codes PIN hachés (scrypt)',
    en: 'Operators by role, passwords hashed (argon2id), sessions limited in time; PINs hashed (scrypt)',
  },
  {
    fr: 'Journal en chaîne de hachage, points de contrôle signés\u202f: toute modification se voit',
    en: 'Journal as a hash chain with signed checkpoints: any change shows',
  },
  {
    fr: 'Lectures, exports, demandes d’accès et effacements journalisés',
    en: 'Readings, exports, access requests and erasures are journaled',
  },
  {
    fr: 'Effacement automatique chaque nuit au terme de chaque finalité, sans trace dans les fichiers de la base',
    en: 'Automatic erasure each night at the term of each purpose, without a trace in the files of the database',
  },
]
