/** Notifications in browsers. */
type Key =
  | 'title'
  | 'say'
  | 'none'
  | 'off'
  | 'cannot'
  | 'blocked'
  | 'failed'
  | 'unread'
  | 'add'
  | 'adding'
  | 'test'
  | 'remove'
  | 'here'
  | 'unnamed'
export interface PushWords extends Record<Key, string> {
  since(day: string): string
}
const fr: PushWords = {
  title: 'Notifications',
  say: 'Même sans page ouverte. Le message passe chiffré par le service du fabricant du navigateur. Se déconnecter y met fin sur ce poste.',
  none: 'Aucun navigateur.',
  off: 'Ce hub n’envoie pas de notifications.',
  cannot: 'Ce navigateur ne reçoit pas de notifications.',
  blocked: 'Ce navigateur refuse les notifications de Vigie. Autorisez-les dans ses réglages, puis recommencez.',
  failed: 'Le service de notification du navigateur n’a pas répondu. Il faut qu’il puisse aller sur internet.',
  unread: 'La liste des navigateurs n’a pas pu être lue.',
  add: 'Me prévenir dans ce navigateur',
  adding: 'Envoi…',
  test: 'Essayer une notification',
  remove: 'Retirer',
  here: 'Ce navigateur',
  unnamed: 'Navigateur',
  since: day => `depuis le ${day}`,
}
const en: PushWords = {
  title: 'Notifications',
  say: 'Also without an open page. The message passes, encrypted, through the service of the browser’s maker. Signing out ends them on this machine.',
  none: 'No browser.',
  off: 'This hub sends no notifications.',
  cannot: 'This browser takes no notifications.',
  blocked: 'This browser refuses notifications of Vigie. Allow them in its settings, then try again.',
  failed: 'The notification service of the browser did not answer. It must be able to reach the internet.',
  unread: 'The list of browsers could not be read.',
  add: 'Tell me in this browser',
  adding: 'Sending…',
  test: 'Try a notification',
  remove: 'Remove',
  here: 'This browser',
  unnamed: 'Browser',
  since: day => `since ${day}`,
}
export const pushWords: Readonly<Record<'fr' | 'en', PushWords>> = { fr, en }
