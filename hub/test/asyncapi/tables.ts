/**
 * The words beside the closed lists of the device protocol, in both languages. TypeScript refuses a list with a missing or
 * a foreign name; asyncapi.test.ts drives a real broker to show that every effect is what happens.
 */
import type { Action, Refusal } from '#devices/messages.ts'
import type { Reason } from '../../access/reasons.ts'

/** What a device notices. Every one of them is counted first. */
export type Effect = 'counted' | 'closed' | 'suback-128' | 'connack-1' | 'connack-2' | 'connack-5'

export interface Words {
  readonly en: string
  readonly fr: string
}

export const EFFECTS: Readonly<Record<Effect, Words>> = {
  counted: {
    en: 'The message is dropped; QoS 1 gets its PUBACK, so that nobody sends it for ever. The connection stays.',
    fr: 'Le message est écarté\u202f; en QoS 1 il reçoit son PUBACK, pour n’être pas renvoyé sans fin. La connexion reste.',
  },
  closed: {
    en: 'The connection is closed at once, without PUBACK.',
    fr: 'La connexion est fermée aussitôt, sans PUBACK.',
  },
  'suback-128': {
    en: 'SUBACK holds 0x80 for that filter. The connection stays.',
    fr: 'Le SUBACK porte 0x80 pour ce filtre. La connexion reste.',
  },
  'connack-1': {
    en: 'CONNACK 1 (unacceptable protocol version), then the connection is closed.',
    fr: 'CONNACK 1 (version de protocole refusée), puis la connexion est fermée.',
  },
  'connack-2': {
    en: 'CONNACK 2 (identifier rejected), then the connection is closed.',
    fr: 'CONNACK 2 (identifiant refusé), puis la connexion est fermée.',
  },
  'connack-5': {
    en: 'CONNACK 5 (not authorized), then the connection is closed.',
    fr: 'CONNACK 5 (non autorisé), puis la connexion est fermée.',
  },
}

export interface RefusalWords extends Words {
  readonly effects: readonly Effect[]
}

export const REFUSAL_WORDS: Readonly<Record<Refusal, RefusalWords>> = {
  topic: {
    effects: ['closed', 'connack-5'],
    en: 'PUBLISH, or last will, on a topic that is not the device’s own.',
    fr: 'PUBLISH, ou dernière volonté, sur un sujet (topic) qui n’est pas le sien.',
  },
  retain: {
    effects: ['closed'],
    en: 'Retain flag on anything but `status`.',
    fr: 'Drapeau retain ailleurs que sur `status`.',
  },
  qos: {
    effects: ['closed', 'connack-5'],
    en: 'QoS 2, in a PUBLISH or in the last will.',
    fr: 'QoS 2, dans un PUBLISH ou dans la dernière volonté.',
  },
  size: {
    effects: ['counted', 'closed'],
    en: 'A payload over 4 KiB is dropped; a packet over the limit of its type closes the connection before it is read.',
    fr: 'Un contenu de plus de 4\u00a0Kio est écarté\u202f; un paquet au-delà de la limite de son type ferme la connexion avant lecture.',
  },
  encoding: {
    effects: ['counted', 'connack-5'],
    en: 'The payload, or that of the last will, is not UTF-8.',
    fr: 'Le contenu, ou celui de la dernière volonté, n’est pas en UTF-8.',
  },
  json: {
    effects: ['counted', 'connack-5'],
    en: 'The payload, or that of the last will, is not JSON, or holds a name twice.',
    fr: 'Le contenu, ou celui de la dernière volonté, n’est pas du JSON, ou porte deux fois le même nom.',
  },
  shape: {
    effects: ['counted', 'connack-5'],
    en: 'A field is missing, unknown or of the wrong form; a date that does not exist.',
    fr: 'Un champ manque, est inconnu ou mal formé\u202f; une date qui n’existe pas.',
  },
  kind: {
    effects: ['counted'],
    en: 'No such message, or this model (or this point of it) does not send it.',
    fr: 'Message inconnu, ou que ce modèle (ou ce point) n’envoie pas.',
  },
  point: {
    effects: ['counted'],
    en: 'This model has no such point.',
    fr: 'Ce modèle n’a pas ce point.',
  },
  field: {
    effects: ['counted'],
    en: 'This point does not report that state.',
    fr: 'Ce point ne rapporte pas cet état.',
  },
  quantity: {
    effects: ['counted'],
    en: 'This model does not measure that.',
    fr: 'Ce modèle ne mesure pas cela.',
  },
  unit: {
    effects: ['counted'],
    en: 'Another unit than the model’s.',
    fr: 'Une autre unité que celle du modèle.',
  },
  range: {
    effects: ['counted'],
    en: 'A number below or above what the message or the model allows.',
    fr: 'Un nombre hors des bornes du message ou du modèle.',
  },
  duplicate: {
    effects: ['counted'],
    en: 'This `id` was received already. Its PUBACK waits until the first copy is stored. Moves nothing.',
    fr: 'Cet `id` a déjà été reçu. Son PUBACK attend que la première copie soit écrite. Ne fait rien bouger.',
  },
  sequence: {
    effects: ['counted'],
    en: 'A `seq` not above the highest so far, with a new `id`: recorded as late, changes no state, opens nothing.',
    fr: 'Un `seq` qui ne dépasse pas le plus haut reçu, avec un nouvel `id`\u202f: noté en retard, ne change aucun état, n’ouvre rien.',
  },
  rate: {
    effects: ['closed'],
    en: 'Pushing on for seconds while being held back, connecting over the rate, or too many sockets.',
    fr: 'Insister pendant des secondes malgré le freinage, se connecter trop souvent, ou trop de connexions.',
  },
  subscription: {
    effects: ['suback-128'],
    en: 'A filter other than `down/#`, `down/+`, `down/decision` or `down/command` of the device itself.',
    fr: 'Un filtre autre que `down/#`, `down/+`, `down/decision` ou `down/command` de l’appareil lui-même.',
  },
  session: {
    effects: ['connack-5'],
    en: 'A kept session (clean session 0), no keep-alive, or one that is too long.',
    fr: 'Session conservée (clean session 0), keep-alive absent ou trop long.',
  },
  identity: {
    effects: ['connack-2'],
    en: 'Client id other than the common name of the certificate.',
    fr: 'Identifiant de client différent du nom porté par le certificat.',
  },
  certificate: {
    effects: ['closed', 'connack-5'],
    en: 'No certificate, or one that is unknown, expired, revoked or of another authority.',
    fr: 'Pas de certificat, ou un certificat inconnu, expiré, révoqué ou d’une autre autorité.',
  },
  protocol: {
    effects: ['closed', 'connack-1'],
    en: 'Not MQTT 3.1.1, not TLS 1.3, a malformed packet, or one that a device has no reason to send.',
    fr: 'Ni MQTT 3.1.1 ni TLS 1.3, paquet mal formé, ou paquet qu’un appareil n’a pas à envoyer.',
  },
}

/** What a denial means for the one who stands there; `granted` for the reader. */
export const REASON_WORDS: Readonly<Record<Reason, Words>> = {
  granted: { en: 'Green, and wait for the command', fr: 'Vert, puis attendre l’ordre' },
  'badge-unknown': { en: 'No such badge in the site file', fr: 'Badge absent du fichier de site' },
  'badge-suspended': { en: 'Ask the administrator', fr: 'Voir l’administrateur' },
  'badge-lost': { en: 'Someone reported it lost', fr: 'Quelqu’un l’a déclaré perdu' },
  'badge-revoked': { en: 'It will not open anything again', fr: 'Il n’ouvrira plus rien' },
  'badge-not-yet-valid': { en: 'Its first day has not come', fr: 'Son premier jour n’est pas venu' },
  'badge-expired': { en: 'Its last day is over', fr: 'Son dernier jour est passé' },
  'person-not-yet-valid': { en: 'The holder starts later', fr: 'Son titulaire commence plus tard' },
  'person-expired': { en: 'The holder has left', fr: 'Son titulaire est parti' },
  'point-unknown': { en: 'The site file has no access point here', fr: 'Le fichier de site n’a pas d’accès ici' },
  'no-right': { en: 'No role of the holder reaches it', fr: 'Aucun rôle du titulaire n’y mène' },
  'outside-hours': { en: 'A role reaches it, at other hours', fr: 'Un rôle y mène, à d’autres heures' },
  'denied-by-rule': { en: 'A rule forbids it to the holder now', fr: 'Une règle l’interdit en ce moment' },
  'grant-not-yet': { en: 'A temporary grant begins later', fr: 'Un accès temporaire commence plus tard' },
  'grant-expired': {
    en: 'A temporary grant ended within 24 h',
    fr: 'Un accès temporaire a pris fin depuis moins de 24\u00a0h',
  },
  'pin-required': {
    en: 'Ask for the PIN, then send the badge with `pin`',
    fr: 'Demander le code PIN, puis envoyer le badge avec `pin`',
  },
  'pin-wrong': { en: 'Ask for the PIN again', fr: 'Redemander le code PIN' },
  'pin-unset': {
    en: 'The holder has no PIN: ask the administrator',
    fr: 'Le titulaire n’a pas de code PIN\u202f: voir l’administrateur',
  },
  'pin-locked': {
    en: 'Too many wrong PINs: show the wait of `waitMs`, no keypad until then',
    fr: 'Trop de codes PIN faux\u202f: montrer l’attente `waitMs`, pas de clavier d’ici là',
  },
  'reason-required': {
    en: 'Ask for a reason, then send the badge with `reason`',
    fr: 'Demander le motif, puis envoyer le badge avec `reason`',
  },
  'reference-required': {
    en: 'Ask for the patient or the prescription, then send the badge with `reference`',
    fr: 'Demander le patient ou l’ordonnance, puis envoyer le badge avec `reference`',
  },
  'not-on-duty': { en: 'No shift of the holder is under way', fr: 'Aucune garde du titulaire n’est en cours' },
  'witness-awaited': {
    en: 'Yellow: a second person holds a badge here within `waitMs`',
    fr: 'Jaune\u202f: une deuxième personne présente son badge ici avant la fin de `waitMs`',
  },
  lockdown: { en: 'A lockdown keeps the zone shut', fr: 'Un confinement tient la zone fermée' },
  passback: {
    en: 'The holder is inside already: leave first',
    fr: 'Le titulaire est déjà à l’intérieur\u202f: sortir d’abord',
  },
  'zone-full': { en: 'Wait until somebody leaves', fr: 'Attendre que quelqu’un sorte' },
  interlock: { en: 'Close the other door first', fr: 'Fermer d’abord l’autre porte' },
  'break-glass-not-allowed': {
    en: 'No role of the holder may break the glass here',
    fr: 'Aucun rôle du titulaire ne permet le bris de glace ici',
  },
  'break-glass-cap': {
    en: 'Too many emergency openings by the holder within 24 h',
    fr: 'Trop d’ouvertures d’urgence du titulaire en 24\u00a0h',
  },
  'stale-message': {
    en: 'The message waited, or came late: badge again',
    fr: 'Le message a attendu\u202f: badger de nouveau',
  },
  'rate-limited': {
    en: 'Kept for later: the hub does not give it yet',
    fr: 'Réservé\u202f: le hub ne le donne pas encore',
  },
  'audit-unavailable': {
    en: 'The hub can’t record it, and this point stays shut without a record: use the key of the emergency plan',
    fr: 'Le hub ne peut pas l’écrire, et ce point reste fermé sans trace\u202f: clé du plan de secours',
  },
}

export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  unlock: 'Release the lock of `point` for `unlockMs`, then lock again without being told.',
  lock: 'Lock `point` now, even if it was just released: a lockdown has begun, or the badge was reported lost.',
  set: 'Set a light: `on`, `brightness`. A scenario asks for it, or Home Assistant where that is allowed.',
  sound: 'Sound the siren for `soundMs`, then be silent without being told; 0: silent now. A scenario asks for it.',
  identify: 'Blink or beep so that someone can find the device. In the vocabulary; no flow of the hub sends it yet.',
}
