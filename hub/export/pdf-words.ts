/** Words of the printed export. */
import type { Language, Said } from '../errors.ts'

const N = '\u202f'
export const PDF_WORDS = {
  title: { en: 'Extract of the access journal', fr: 'Extrait du journal des accès' },
  colon: { en: ': ', fr: `${N}: ` },
  export: { en: 'Export', fr: 'Export' },
  about: { en: 'This extract', fr: 'Cet extrait' },
  site: { en: 'Site', fr: 'Site' },
  askedBy: { en: 'Made by', fr: 'Établi par' },
  askedAt: { en: 'Made on', fr: 'Établi le' },
  statedReason: { en: 'Reason given', fr: 'Raison donnée' },
  timezone: { en: 'Times', fr: 'Heures' },
  timezoneIs: { en: 'local time of the site, {zone}', fr: 'heure locale du site, {zone}' },
  names: { en: 'People', fr: 'Personnes' },
  withNames: { en: 'by name, where the name is still known', fr: 'nommées, quand leur nom est encore connu' },
  withoutNames: { en: 'by pseudonym', fr: 'désignées par un pseudonyme' },
  checkpointOf: { en: 'Checkpoint', fr: 'Point de contrôle' },
  checkpointIs: {
    en: 'journal of {size} rows, signed on {at}; see the last page',
    fr: `journal de {size} lignes, signé le {at}${N}; voir la dernière page`,
  },
  filter: { en: 'What was looked for', fr: 'Ce qui était recherché' },
  noFilter: { en: 'Everything: no filter.', fr: 'Tout, sans filtre.' },
  rows: { en: 'Journal rows', fr: 'Lignes du journal' },
  rowsIntro: {
    en: 'Oldest first. Totals follow the last row.',
    fr: 'De la plus ancienne à la plus récente. Les totaux suivent la dernière ligne.',
  },
  noRows: { en: 'No row fits.', fr: 'Aucune ligne ne correspond.' },
  when: { en: 'When', fr: 'Quand' },
  what: { en: 'Event', fr: 'Événement' },
  who: { en: 'Who', fr: 'Qui' },
  where: { en: 'Where', fr: 'Où' },
  row: { en: 'Row', fr: 'Ligne' },
  details: { en: 'Details', fr: 'Détails' },
  witness: { en: 'Witness', fr: 'Témoin' },
  by: { en: 'by', fr: 'par' },
  openedBy: { en: 'opened by', fr: 'ouvert par' },
  device: { en: 'device', fr: 'appareil' },
  erased: { en: 'Contents erased', fr: 'Contenu effacé' },
  erasedBy: { en: 'Contents erased, see row {row}', fr: 'Contenu effacé, voir la ligne {row}' },
  totals: { en: 'Totals', fr: 'Totaux' },
  total: { en: 'Rows', fr: 'Lignes' },
  span: { en: 'From the first to the last', fr: 'De la première à la dernière' },
  byKind: { en: 'By event', fr: 'Par événement' },
  byDay: { en: 'By day', fr: 'Par jour' },
  check: { en: 'How to check this extract', fr: 'Comment vérifier cet extrait' },
  checkText: {
    en: 'This document is for reading: it proves nothing by itself. The proof is the journal of the hub, to which rows can only be added, each bound to the one before, and whose state is signed at checkpoints. When this extract was made the state was the one below.',
    fr: `Ce document est fait pour être lu${N}: à lui seul il ne prouve rien. La preuve est le journal du hub, auquel on ne peut qu’ajouter des lignes, chacune liée à la précédente, et dont l’état est signé à des points de contrôle. Quand cet extrait a été établi, l’état était celui ci-dessous.`,
  },
  checkpoint: { en: 'Checkpoint (C2SP signed note)', fr: 'Point de contrôle (note signée C2SP)' },
  keys: { en: 'Signing key', fr: 'Clé de signature' },
  keyText: {
    en: 'Verifier key, and the SHA-256 fingerprint of its public key. Compare it with the one you were given by another way: read over the telephone, in the contract, from an earlier audit.',
    fr: `Clé de vérification et empreinte SHA-256 de sa clé publique. Comparez-la à celle que vous avez reçue par une autre voie${N}: au téléphone, au contrat, lors d’un audit précédent.`,
  },
  steps: { en: 'Steps', fr: 'Étapes' },
  step1: {
    en: '1. Ask whoever runs the hub for the same rows as an evidence file: vigie export --format jsonl, with the same filter.',
    fr: `1. Demandez à qui gère le hub les mêmes lignes sous forme de fichier de preuve${N}: vigie export --format jsonl, avec le même filtre.`,
  },
  step2: {
    en: '2. Check that file on any computer with Node 20 or newer, without the hub: node verify.mjs export.jsonl --key <verifier key above>. The program and its description come with Vigie, in docs/verify.',
    fr: `2. Vérifiez ce fichier sur n’importe quel ordinateur avec Node 20 ou plus récent, sans le hub${N}: node verify.mjs export.jsonl --key <clé de vérification ci-dessus>. Le programme et sa description sont livrés avec Vigie, dans docs/verify.`,
  },
  step3: {
    en: '3. Compare rows by their number: the row numbers here are those of the evidence file and of the journal. Checkpoints that witnesses keep (another disk, a log server, another hub) show whether the end was cut off.',
    fr: `3. Comparez les lignes par leur numéro${N}: ceux d’ici sont ceux du fichier de preuve et du journal. Les points de contrôle gardés par des témoins (un autre disque, un serveur de journaux, un autre hub) montrent si la fin a été coupée.`,
  },
  page: { en: 'page {n}', fr: 'page {n}' },
} as const satisfies Readonly<Record<string, Said>>

export type PdfWord = keyof typeof PDF_WORDS
/** A word in one language, with what stands in braces filled in. */
export type Say = (word: PdfWord, values?: Readonly<Record<string, string | number>>) => string
export const speaking =
  (language: Language): Say =>
  (word, values = {}) =>
    PDF_WORDS[word][language].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '?'))
