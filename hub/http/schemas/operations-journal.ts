/** What routes for auditors and for who looks after data answer. */
import { Type } from '#devices/schema.ts'
import { ApprovalAskedShape } from './approvals.ts'
import {
  BackupsShape,
  CheckpointShape,
  ConsistencyShape,
  ErasureListShape,
  ErasureShape,
  ExportJobShape,
  ExportScheduleShape,
  HoldListShape,
  HoldPlacedShape,
  JournalDaysShape,
  JournalPageShape,
  RetentionShape,
  RowProofShape,
  SavedSearchShape,
} from './journal.ts'
import type { Operations } from './operation.ts'

const AGE = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'
const SEARCHED = [
  'filter-invalid',
  'range-inverted',
  'index-behind',
  'index-unwritable',
  'journal-unavailable',
] as const
const PAGED = [...SEARCHED, 'cursor-invalid'] as const
const WRITTEN = ['journal-unavailable'] as const
const FILE = { en: 'The file', fr: 'Le fichier' }

export const JOURNAL: Operations = {
  'GET /api/v1/journal': {
    id: 'searchJournal',
    tag: 'journal',
    says: {
      en: 'Rows that fit, newest first. Reading them is itself recorded.',
      fr: 'Les lignes qui correspondent, des plus récentes aux plus anciennes. La lecture est elle-même inscrite au journal.',
    },
    answers: { 200: JournalPageShape },
    errors: [...PAGED],
    example: { query: { kind: 'access.denied', limit: '20' } },
  },
  'GET /api/v1/journal/days': {
    id: 'countJournalDays',
    tag: 'journal',
    says: { en: 'How many rows fit, day by day.', fr: 'Combien de lignes correspondent, jour par jour.' },
    answers: { 200: JournalDaysShape },
    errors: [...SEARCHED],
    example: { query: { kind: 'access.denied' } },
  },
  'GET /api/v1/me/history': {
    id: 'getOwnHistory',
    tag: 'account',
    says: {
      en: 'What the journal holds of the person one is oneself.',
      fr: 'Ce que le journal contient de la personne que l’on est soi-même.',
    },
    answers: { 200: JournalPageShape },
    errors: [...PAGED, 'history-unlinked'],
  },
  'GET /api/v1/journal/searches': {
    id: 'listSearches',
    tag: 'journal',
    says: { en: 'One’s saved searches.', fr: 'Ses recherches enregistrées.' },
    answers: { 200: Type.Array(SavedSearchShape) },
  },
  'PUT /api/v1/journal/searches/:id': {
    id: 'saveSearch',
    tag: 'journal',
    says: { en: 'Saves a search under a name.', fr: 'Enregistre une recherche sous un nom.' },
    answers: { 200: SavedSearchShape },
    errors: ['searches-full', ...WRITTEN],
    example: { params: { id: 'refus' }, body: { name: 'Refus', filter: { kinds: ['access.denied'] } } },
  },
  'DELETE /api/v1/journal/searches/:id': {
    id: 'dropSearch',
    tag: 'journal',
    says: { en: 'Drops a saved search.', fr: 'Supprime une recherche enregistrée.' },
    answers: { 204: null },
    errors: ['search-unknown', ...WRITTEN],
    example: { params: { id: 'refus' } },
  },
  'GET /api/v1/journal/checkpoint': {
    id: 'getCheckpoint',
    tag: 'journal',
    says: {
      en: 'The newest signed checkpoint (C2SP note) and its keys.',
      fr: 'Le dernier point de contrôle signé (note C2SP) et ses clés.',
    },
    answers: { 200: CheckpointShape },
    errors: [...WRITTEN],
  },
  'GET /api/v1/journal/:seq/proof': {
    id: 'proveRow',
    tag: 'journal',
    says: { en: 'That a row stands in the journal (RFC 9162).', fr: 'Qu’une ligne figure au journal (RFC 9162).' },
    answers: { 200: RowProofShape },
    errors: ['row-unknown', ...WRITTEN],
    example: { params: { seq: '1' } },
  },
  'GET /api/v1/journal/consistency': {
    id: 'proveConsistency',
    tag: 'journal',
    says: {
      en: 'That the longer journal continues the shorter one.',
      fr: 'Que le journal le plus long prolonge le plus court.',
    },
    answers: { 200: ConsistencyShape },
    errors: ['range-inverted', 'row-unknown', ...WRITTEN],
    example: { query: { from: '1', to: '2' } },
  },
  'POST /api/v1/exports': {
    id: 'beginExport',
    tag: 'exports',
    says: {
      en: 'Begins an export; the file is there when its state is done.',
      fr: 'Commence un export ; le fichier est prêt quand l’état est done.',
    },
    answers: { 202: ExportJobShape },
    errors: ['filter-invalid', 'range-inverted', 'age-key-invalid', 'export-unwritable', ...WRITTEN],
    example: { body: { format: 'csv', filter: { kinds: ['access.denied'] }, statedReason: 'Contrôle mensuel' } },
  },
  'GET /api/v1/exports': {
    id: 'listExports',
    tag: 'exports',
    says: { en: 'Exports that were asked for.', fr: 'Les exports demandés.' },
    answers: { 200: Type.Array(ExportJobShape) },
  },
  'GET /api/v1/exports/:id': {
    id: 'getExport',
    tag: 'exports',
    says: { en: 'How far an export is.', fr: 'Où en est un export.' },
    answers: { 200: ExportJobShape },
    errors: ['export-unknown'],
    example: { params: { id: 'e-0123456789abcdef' } },
  },
  'GET /api/v1/exports/:id/file': {
    id: 'getExportFile',
    tag: 'exports',
    says: { en: 'The file of an export.', fr: 'Le fichier d’un export.' },
    answers: { 200: { media: ['*/*'], says: FILE } },
    errors: ['export-unknown', 'export-unfinished'],
    example: { params: { id: 'e-0123456789abcdef' } },
  },
  'DELETE /api/v1/exports/:id': {
    id: 'removeExport',
    tag: 'exports',
    says: { en: 'Deletes an export and its file.', fr: 'Supprime un export et son fichier.' },
    answers: { 204: null },
    errors: ['export-unknown'],
    example: { params: { id: 'e-0123456789abcdef' } },
  },
  'GET /api/v1/export-schedules': {
    id: 'listSchedules',
    tag: 'exports',
    says: { en: 'Monthly exports.', fr: 'Les exports mensuels.' },
    answers: { 200: Type.Array(ExportScheduleShape) },
  },
  'POST /api/v1/export-schedules': {
    id: 'addSchedule',
    tag: 'exports',
    says: { en: 'Sets up a monthly export, always encrypted.', fr: 'Prévoit un export mensuel, toujours chiffré.' },
    answers: { 201: ExportScheduleShape },
    errors: ['schedule-invalid', 'filter-invalid', 'age-key-invalid', 'mail-unset', 'export-unwritable', ...WRITTEN],
    example: {
      body: { day: 1, time: '06:00', format: 'csv', statedReason: 'Contrôle mensuel', folder: '/tmp', recipient: AGE },
    },
  },
  'DELETE /api/v1/export-schedules/:id': {
    id: 'removeSchedule',
    tag: 'exports',
    says: { en: 'Ends a monthly export.', fr: 'Met fin à un export mensuel.' },
    answers: { 204: null },
    errors: ['schedule-unknown', ...WRITTEN],
    example: { params: { id: 's-01234567' } },
  },
  'GET /api/v1/privacy/holds': {
    id: 'listHolds',
    tag: 'privacy',
    says: { en: 'Legal holds in force.', fr: 'Les gels juridiques en vigueur.' },
    answers: { 200: HoldListShape },
  },
  'POST /api/v1/privacy/holds': {
    id: 'placeHold',
    tag: 'privacy',
    says: {
      en: 'Keeps rows past their term, for a stated reason.',
      fr: 'Garde des lignes au-delà de leur terme, pour un motif donné.',
    },
    answers: { 201: HoldPlacedShape },
    errors: ['person-unknown', 'range-inverted', ...WRITTEN],
    example: { body: { statedReason: 'Enquête en cours', zone: 't08' } },
  },
  'DELETE /api/v1/privacy/holds/:id': {
    id: 'releaseHold',
    tag: 'privacy',
    says: { en: 'Releases a hold.', fr: 'Lève un gel.' },
    answers: { 204: null },
    errors: ['hold-unknown', ...WRITTEN],
    example: { params: { id: 'h-1' } },
  },
  'GET /api/v1/privacy/erasures': {
    id: 'listErasures',
    tag: 'privacy',
    says: { en: 'Erasures of which something still waits.', fr: 'Les effacements dont une partie attend encore.' },
    answers: { 200: ErasureListShape },
  },
  'POST /api/v1/privacy/erasures': {
    id: 'erasePerson',
    tag: 'privacy',
    says: {
      en: 'Erases what is held on a person, and says what stays until when.',
      fr: 'Efface ce qui est détenu sur une personne, et dit ce qui reste jusqu’à quand.',
    },
    answers: { 200: ErasureShape, 202: ApprovalAskedShape },
    errors: [
      ...([
        'person-unknown',
        'erasure-active',
        'erasure-review',
        'erasure-last-administrator',
        'erasure-spooled',
        'approval-pending',
      ] as const),
      ...WRITTEN,
    ],
    example: { body: { person: 'lea-aubry', statedReason: 'Demande de la personne' } },
  },
  'POST /api/v1/privacy/access-requests': {
    id: 'givePersonFile',
    tag: 'privacy',
    says: {
      en: 'All that is held on a person (GDPR, 15), as a file.',
      fr: 'Tout ce qui est détenu sur une personne (RGPD, 15), en un fichier.',
    },
    answers: { 200: { media: ['text/html', 'application/json'], says: FILE } },
    errors: ['person-unknown', 'file-unwritable', ...WRITTEN],
    example: { body: { person: 'lea-aubry', format: 'json' } },
  },
  'GET /api/v1/privacy/retention': {
    id: 'getRetention',
    tag: 'privacy',
    says: { en: 'Days in force for each purpose.', fr: 'Les durées en vigueur pour chaque finalité.' },
    answers: { 200: RetentionShape },
  },
  'GET /api/v1/privacy/record': {
    id: 'getProcessingRecord',
    tag: 'privacy',
    says: { en: 'The record of processing activities (GDPR, 30).', fr: 'Le registre des traitements (RGPD, 30).' },
    answers: { 200: { media: ['text/html', 'text/markdown'], says: FILE } },
    example: { query: { format: 'md' } },
  },
  'GET /api/v1/backups': {
    id: 'listBackups',
    tag: 'hub',
    says: { en: 'Where backups go, and which there are.', fr: 'Où vont les sauvegardes, et lesquelles existent.' },
    answers: { 200: BackupsShape },
  },
  'POST /api/v1/backups': {
    id: 'beginBackup',
    tag: 'hub',
    says: { en: 'Begins a backup now.', fr: 'Commence une sauvegarde maintenant.' },
    answers: { 202: BackupsShape },
    errors: ['backup-nowhere', 'backup-key-missing', 'backup-running', ...WRITTEN],
  },
  'POST /api/v1/witness/add-checkpoint': {
    id: 'addCheckpoint',
    tag: 'hub',
    says: {
      en: 'Another hub hands in a checkpoint of its journal (c2sp.org/tlog-witness).',
      fr: 'Un autre hub remet un point de contrôle de son journal (c2sp.org/tlog-witness).',
    },
    answers: {
      200: { media: ['text/plain'], says: { en: 'Lines of cosignatures', fr: 'Des lignes de cosignatures' } },
      409: { media: ['text/x.tlog.size'], says: { en: 'The size last seen', fr: 'La dernière taille vue' } },
    },
    errors: [
      'request-malformed',
      'not-found',
      'not-allowed',
      'witness-inconsistent',
      'too-many-requests',
      'body-too-large',
    ],
    rawBody: 'text/plain',
  },
}
