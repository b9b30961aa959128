/** What is watched for, who is on call, and what is being worked on. */
export type ActName = 'alert' | 'light' | 'arm' | 'siren' | 'lock' | 'lockdown' | 'snapshot'
export interface WatchWords
  extends Record<
    | 'maintenance'
    | 'maintenanceSay'
    | 'noMaintenance'
    | 'begin'
    | 'place'
    | 'placeHint'
    | 'placeNeeded'
    | 'zones'
    | 'devices'
    | 'lasts'
    | 'remark'
    | 'remarkHint'
    | 'go'
    | 'sending'
    | 'end'
    | 'back'
    | 'failed'
    | 'scenarios'
    | 'scenariosSay'
    | 'on'
    | 'off'
    | 'turnOn'
    | 'turnOff'
    | 'own'
    | 'changed'
    | 'tryIt'
    | 'trying'
    | 'never'
    | 'quietWeeks'
    | 'noisy'
    | 'onCall'
    | 'onCallSay'
    | 'noRota'
    | 'nobody'
    | 'now'
    | 'standIn'
    | 'noAccount'
    | 'sheets',
    string
  > {
  readonly spans: readonly string[]
  readonly acts: Readonly<Record<ActName, string>>
  /** Of what every site begins with, by id; in French its name stands in the list. */
  readonly names: Readonly<Record<string, string>>
  until(at: string): string
  by(name: string): string
  worked(n: number): string
  thisWeek(n: number): string
  would(n: number, days: number): string
  held(n: number): string
  week(signals: number, incidents: number, falseAlarms: number): string
  after(span: string): string
  callNow(name: string): string
}

const U = '\u00a0'
const N = '\u202f'
const s = (n: number): string => (n > 1 ? 's' : '')

const fr: WatchWords = {
  maintenance: 'En maintenance',
  maintenanceSay:
    'Ce qui vient de là n’alerte personne jusqu’à la fin. La contrainte, le bris de glace et un journal en panne alertent quand même.',
  noMaintenance: 'Rien n’est en maintenance.',
  begin: 'Mettre en maintenance',
  place: 'Zone ou appareil',
  placeHint: 'Une zone vaut avec celles qu’elle contient.',
  placeNeeded: 'Choisissez une zone ou un appareil.',
  zones: 'Zones',
  devices: 'Appareils',
  lasts: 'Pendant',
  remark: 'Remarque',
  remarkHint: 'Facultative, inscrite au journal.',
  go: 'Commencer',
  sending: 'Envoi…',
  end: 'Terminer',
  back: 'Retour à la file',
  failed: 'La liste n’a pas pu être lue.',
  scenarios: 'Scénarios',
  scenariosSay: 'Ce que Vigie surveille, et ce qui en est venu ces quatre dernières semaines.',
  on: 'Actif',
  off: 'Inactif',
  turnOn: 'Activer',
  turnOff: 'Désactiver',
  own: 'propre au site',
  changed: 'modifié par le site',
  tryIt: 'Essayer sur 7\u00a0jours',
  trying: 'Essai…',
  never: 'N’aurait rien fait ces 7\u00a0jours.',
  quietWeeks: 'Rien ces quatre semaines',
  noisy: 'Souvent une fausse alerte',
  onCall: 'De garde',
  onCallSay: 'Qui est prévenu quand une escalade appelle la garde, et qui suit.',
  noRota: 'Ce site n’a pas de tour de garde. Il s’écrit dans le fichier du site, sous « rotas ».',
  nobody: 'Personne n’est de garde.',
  now: 'Maintenant',
  standIn: 'remplace',
  noAccount: 'aucun compte de ce nom ne prend d’alertes\u202f: personne ne serait prévenu',
  sheets: 'Surveillance du site',
  spans: [`15${U}min`, `1${U}h`, `4${U}h`, `24${U}h`, `7${U}jours`],
  acts: {
    alert: 'alerte',
    light: 'lumière',
    arm: 'arme la zone',
    siren: 'sirène',
    lock: 'referme les serrures',
    lockdown: 'confinement',
    snapshot: 'photo',
  },
  names: {},
  until: at => `jusqu’à ${at}`,
  by: name => `par ${name}`,
  worked: n => (n === 0 ? 'Aucune maintenance' : `${n}${U}en maintenance`),
  thisWeek: n => `${n}${U}cette semaine`,
  would: (n, days) => `Aurait commencé ${n}${U}fois ces ${days}${U}jours.`,
  held: n => `Retenu ${n}${U}minute${s(n)}${N}: il reviendrait trop souvent.`,
  week: (signals, incidents, wrong) =>
    `${signals}${U}signa${signals > 1 ? 'ux' : 'l'}, ${incidents}${U}incident${s(incidents)}${wrong > 0 ? `, dont ${wrong}${U}fausse${s(wrong)} alerte${s(wrong)}` : ''}`,
  after: span => `après ${span}`,
  callNow: name => `De garde${N}: ${name}`,
}
const en: WatchWords = {
  maintenance: 'Under maintenance',
  maintenanceSay:
    'What comes from there alerts nobody until it ends. Duress, break-glass and a failing journal alert all the same.',
  noMaintenance: 'Nothing is under maintenance.',
  begin: 'Put under maintenance',
  place: 'Zone or device',
  placeHint: 'A zone counts with those within it.',
  placeNeeded: 'Choose a zone or a device.',
  zones: 'Zones',
  devices: 'Devices',
  lasts: 'For',
  remark: 'Remark',
  remarkHint: 'Optional, in the journal.',
  go: 'Begin',
  sending: 'Sending…',
  end: 'End',
  back: 'Back to the queue',
  failed: 'The list could not be read.',
  scenarios: 'Scenarios',
  scenariosSay: 'What Vigie watches for, and what came of it in the last four weeks.',
  on: 'On',
  off: 'Off',
  turnOn: 'Turn on',
  turnOff: 'Turn off',
  own: 'of this site',
  changed: 'changed by this site',
  tryIt: 'Try on 7\u00a0days',
  trying: 'Trying…',
  never: 'Would have done nothing in these 7\u00a0days.',
  quietWeeks: 'Nothing in these four weeks',
  noisy: 'Often a false alarm',
  onCall: 'On call',
  onCallSay: 'Who is told when an escalation asks for whoever is on call, and who follows.',
  noRota: 'This site has no rota. It is written in the site file, under “rotas”.',
  nobody: 'Nobody is on call.',
  now: 'Now',
  standIn: 'stands in',
  noAccount: 'no account of that name takes alerts: nobody would be told',
  sheets: 'How the site is watched',
  spans: [`15${U}min`, `1${U}h`, `4${U}h`, `24${U}h`, `7${U}days`],
  acts: {
    alert: 'alert',
    light: 'light',
    arm: 'arms the zone',
    siren: 'siren',
    lock: 'closes locks again',
    lockdown: 'lockdown',
    snapshot: 'picture',
  },
  names: {
    intrusion: 'Movement in an armed zone',
    'opened-while-armed': 'Something opened in an armed zone',
    'presence-lights': 'Light where somebody is and it is dark',
    'light-too-low': 'Too little light in a sensitive zone',
    'door-forced': 'Door forced',
    'door-held': 'Door held open',
    'cabinet-left-open': 'Cabinet left open',
    'granted-not-opened': 'Granted, but not opened',
    'repeated-refusals': 'Repeated refusals',
    tamper: 'Housing torn off',
    duress: 'Duress code',
    'wrong-pins': 'Wrong codes',
    'break-glass': 'Break-glass',
    'audit-unavailable': 'Access without the journal',
    'lock-silent': 'Lock silent',
    'device-silent': 'Device silent',
    'battery-low': 'Battery low',
    'clock-off': 'Clock off',
    flooding: 'Device that floods',
  },
  until: at => `until ${at}`,
  by: name => `by ${name}`,
  worked: n => (n === 0 ? 'No maintenance' : `${n} under maintenance`),
  thisWeek: n => `${n} this week`,
  would: (n, days) => `Would have begun ${n} time${s(n)} in these ${days}${U}days.`,
  held: n => `Held back for ${n} minute${s(n)}: it would come too often.`,
  week: (signals, incidents, wrong) =>
    `${signals} signal${s(signals)}, ${incidents} incident${s(incidents)}${wrong > 0 ? `, ${wrong} of them a false alarm` : ''}`,
  after: span => `after ${span}`,
  callNow: name => `On call: ${name}`,
}
export const watchWords: Readonly<Record<'fr' | 'en', WatchWords>> = { fr, en }
