/** How one is told of alerts, and whom Vigie told. */
import type { MessageView } from '../contract.ts'

type Channel = MessageView['channel']
export interface ContactWords
  extends Record<
    | 'title'
    | 'say'
    | 'failed'
    | 'language'
    | 'byMail'
    | 'noAddress'
    | 'noMail'
    | 'phone'
    | 'phoneHint'
    | 'phoneWrong'
    | 'noSms'
    | 'quiet'
    | 'quietHint'
    | 'digest'
    | 'digestHint'
    | 'from'
    | 'until'
    | 'timesWrong'
    | 'save'
    | 'saving'
    | 'saved'
    | 'test'
    | 'told',
    string
  > {
  readonly languages: Readonly<Record<'fr' | 'en', string>>
  readonly channels: Readonly<Record<Channel, string>>
  readonly outcomes: Readonly<Record<'delivered' | 'handed-over' | 'failed', string>>
  readonly states: Readonly<Record<MessageView['state'], string>>
  readonly causes: Readonly<Record<NonNullable<MessageView['cause']>, string>>
  testBy(channel: Channel): string
}
const U = '\u00a0'
const fr: ContactWords = {
  title: 'Être prévenu',
  say: 'Comment Vigie vous prévient des alertes que personne n’a prises.',
  failed: 'Ces réglages n’ont pas pu être lus.',
  language: 'Langue des messages',
  byMail: 'Par courriel',
  noAddress: 'Votre compte n’a pas d’adresse. Un administrateur peut l’ajouter.',
  noMail: 'Ce hub n’envoie pas de courriel.',
  phone: 'Par SMS, au numéro',
  phoneHint: `Vide${U}: pas de SMS. Le numéro n’est écrit dans aucune ligne du journal.`,
  phoneWrong: `Un numéro, par exemple 06${U}12${U}34${U}56${U}78 ou +32${U}470${U}12${U}34${U}56.`,
  noSms: 'Ce hub n’envoie pas de SMS.',
  quiet: 'Heures calmes',
  quietHint: 'Seules les alertes critiques passent. Le reste attend la fin.',
  digest: `Résumé du matin, à 7${U}h`,
  digestHint: 'Les alertes de la veille trop faibles pour prévenir quelqu’un.',
  from: 'De',
  until: 'À',
  timesWrong: 'Donnez les deux heures.',
  save: 'Enregistrer',
  saving: 'Envoi…',
  saved: 'Enregistré.',
  test: 'Essai',
  told: 'Prévenus',
  languages: { fr: 'Français', en: 'English' },
  channels: { sms: 'SMS', mail: 'courriel', push: 'notification' },
  outcomes: {
    delivered: 'Envoyé.',
    'handed-over': 'Remis à la passerelle.',
    failed: 'Échec de l’envoi.',
  },
  states: {
    waiting: 'en attente',
    sending: 'en cours d’envoi',
    'handed-over': 'remis à la passerelle',
    delivered: 'reçu',
    failed: 'pas joint',
    dropped: 'plus nécessaire',
  },
  causes: {
    unreachable: 'serveur injoignable',
    refused: 'refusé',
    unconfirmed: 'jamais confirmé',
    'server-error': 'panne du serveur',
    over: 'alerte déjà prise',
  },
  testBy: channel =>
    ({ sms: 'Essayer par SMS', mail: 'Essayer par courriel', push: 'Essayer une notification' })[channel],
}
const en: ContactWords = {
  title: 'Being told',
  say: 'How Vigie tells you of alerts that nobody has taken.',
  failed: 'These settings could not be read.',
  language: 'Language of messages',
  byMail: 'By mail',
  noAddress: 'Your account has no address. An administrator can add one.',
  noMail: 'This hub sends no mail.',
  phone: 'By text message, to',
  phoneHint: 'Empty: no text messages. The number stands in no row of the journal.',
  phoneWrong: `A number, such as +44${U}7700${U}900123.`,
  noSms: 'This hub sends no text messages.',
  quiet: 'Quiet hours',
  quietHint: 'Only critical alerts come through. The rest waits for their end.',
  digest: 'Digest in the morning, at 7:00',
  digestHint: 'Alerts of the day before that were too low to tell anybody.',
  from: 'From',
  until: 'To',
  timesWrong: 'Give both times.',
  save: 'Save',
  saving: 'Sending…',
  saved: 'Saved.',
  test: 'Test',
  told: 'Told',
  languages: { fr: 'Français', en: 'English' },
  channels: { sms: 'text message', mail: 'mail', push: 'notification' },
  outcomes: { delivered: 'Sent.', 'handed-over': 'Handed to the gateway.', failed: 'It could not be sent.' },
  states: {
    waiting: 'waiting',
    sending: 'being sent',
    'handed-over': 'handed to the gateway',
    delivered: 'received',
    failed: 'not reached',
    dropped: 'not needed any more',
  },
  causes: {
    unreachable: 'server out of reach',
    refused: 'refused',
    unconfirmed: 'never confirmed',
    'server-error': 'server failing',
    over: 'alert taken already',
  },
  testBy: channel => ({ sms: 'Try by text message', mail: 'Try by mail', push: 'Try a notification' })[channel],
}
export const contactWords: Readonly<Record<'fr' | 'en', ContactWords>> = { fr, en }
