/** Answers for auditors and for who looks after data: rows, proofs, exports, privacy, backups. */
import { Type } from '#devices/schema.ts'
import { PointClassSchema } from '../../access/site.ts'
import type {
  Backup,
  BackupsView,
  CheckpointView,
  ConsistencyProof,
  ErasureView,
  ExportJob,
  ExportSchedule,
  HoldView,
  JournalDays,
  JournalFilter,
  JournalPage,
  RetentionView,
  RowProof,
  SavedSearch,
} from '../../api.ts'
import type { VigieEvent } from '../../events.ts'
import { BackupDestinationShape } from './live.ts'
import { Count, type Fits, Kind, Ms, named, type Proven, SaidShape, SomeoneShape, strict, Text } from './parts.ts'

const WHAT = {
  person: Type.Optional(Text),
  badge: Type.Optional(Text),
  by: Type.Optional(Text),
  accessPoint: Type.Optional(Text),
  zone: Type.Optional(Text),
  class: Type.Optional(PointClassSchema),
  device: Type.Optional(Text),
  kinds: Type.Optional(Type.Array(Kind)),
  reason: Type.Optional(Text),
  origin: Type.Optional(Text),
  text: Type.Optional(Text),
}
const SPAN = { from: Type.Optional(Ms), until: Type.Optional(Ms) }
const FilterShape = named('JournalFilter', Type.Object({ ...WHAT, ...SPAN }, strict))

/** The fields of each kind are those of docs/journal: there are more kinds than a shape for each would make clearer. */
const EventShape = named(
  'JournalEvent',
  Type.Unsafe<VigieEvent>(Type.Object({ kind: Kind }, { additionalProperties: true })),
)
const JournalRowShape = named(
  'JournalRow',
  Type.Object(
    {
      seq: Count,
      at: Ms,
      kind: Kind,
      event: Type.Optional(EventShape),
      who: Type.Optional(Type.Record(Type.String(), SomeoneShape)),
      erasedBy: Type.Optional(Count),
    },
    { ...strict, description: 'event is absent where the payload was erased, who where you may not see names' },
  ),
)
export const JournalPageShape = named(
  'JournalPage',
  Type.Object({ rows: Type.Array(JournalRowShape), next: Type.Optional(Text) }, strict),
)
export const JournalDaysShape = named(
  'JournalDays',
  Type.Object(
    { timezone: Text, days: Type.Array(Type.Object({ day: Text, rows: Count }, strict)), total: Count },
    strict,
  ),
)
export const SavedSearchShape = named('SavedSearch', Type.Object({ id: Text, name: Text, filter: FilterShape }, strict))

export const CheckpointShape = named(
  'Checkpoint',
  Type.Object({ size: Count, at: Ms, root: Text, note: Text, keys: Type.Array(Text) }, strict),
)
export const RowProofShape = named(
  'RowProof',
  Type.Object(
    {
      seq: Count,
      at: Ms,
      kind: Text,
      commitment: Text,
      previous: Text,
      hash: Text,
      salt: Type.Optional(Text),
      body: Type.Optional(Text),
      leaf: Text,
      proof: Type.Array(Text),
      checkpoint: CheckpointShape,
    },
    { ...strict, description: 'RFC 9162 inclusion in a checkpoint' },
  ),
)
export const ConsistencyShape = named(
  'ConsistencyProof',
  Type.Object({ from: Count, to: Count, fromRoot: Text, toRoot: Text, proof: Type.Array(Text) }, strict),
)

const Format = Type.Enum(['csv', 'jsonl', 'pdf', 'fhir'])
export const ExportJobShape = named(
  'ExportJob',
  Type.Object(
    {
      id: Text,
      state: Type.Enum(['running', 'done', 'failed']),
      format: Format,
      askedAt: Ms,
      rows: Count,
      bytes: Type.Optional(Count),
      sha256: Type.Optional(Text),
      fileName: Type.Optional(Text),
      checkpoint: Type.Optional(Count),
      note: Type.Optional(Text),
      until: Type.Optional(Ms),
      error: Type.Optional(Text),
      words: Type.Optional(Text),
    },
    strict,
  ),
)
export const ExportScheduleShape = named(
  'ExportSchedule',
  Type.Object(
    {
      id: Text,
      day: Type.Integer(),
      time: Text,
      format: Format,
      filter: Type.Optional(Type.Object(WHAT, strict)),
      language: Type.Optional(Type.Enum(['fr', 'en'])),
      names: Type.Optional(Type.Boolean()),
      bom: Type.Optional(Type.Boolean()),
      statedReason: Text,
      folder: Type.Optional(Text),
      mail: Type.Optional(Type.Array(Text)),
      recipient: Text,
      nextAt: Ms,
      lastAt: Type.Optional(Ms),
    },
    strict,
  ),
)

const BackupShape = named(
  'Backup',
  Type.Object({ at: Ms, destination: Text, file: Text, rows: Count, bytes: Count, sha256: Text }, strict),
)
export const BackupsShape = named(
  'Backups',
  Type.Object(
    {
      destinations: Type.Array(BackupDestinationShape),
      running: Type.Boolean(),
      backups: Type.Array(BackupShape),
      recipient: Type.Optional(Text),
    },
    strict,
  ),
)

const HoldShape = named(
  'Hold',
  Type.Object(
    {
      id: Text,
      placedAt: Ms,
      by: Text,
      statedReason: Text,
      person: Type.Optional(Type.Object({ name: Text }, strict)),
      accessPoint: Type.Optional(Text),
      zone: Type.Optional(Text),
      class: Type.Optional(Text),
      kinds: Type.Optional(Type.Array(Text)),
      ...SPAN,
    },
    strict,
  ),
)
export const HoldListShape = named('HoldList', Type.Object({ holds: Type.Array(HoldShape) }, strict))
export const HoldPlacedShape = named('HoldPlaced', Type.Object({ id: Text }, strict))
export const ErasureShape = named(
  'Erasure',
  Type.Object(
    {
      id: Text,
      erased: Count,
      done: Type.Boolean({ description: 'False while something waits for its term or for a hold' }),
      kept: Type.Array(
        Type.Object({ purpose: Text, rows: Count, until: Type.Optional(Ms), holds: Type.Array(Text) }, strict),
      ),
    },
    strict,
  ),
)
export const ErasureListShape = named(
  'ErasureList',
  Type.Object({ erasures: Type.Array(Type.Object({ id: Text, askedAt: Ms, person: Text }, strict)) }, strict),
)
export const RetentionShape = named(
  'Retention',
  Type.Object(
    {
      purposes: Type.Array(
        Type.Object(
          {
            purpose: Text,
            words: SaidShape,
            basis: SaidShape,
            days: Type.Number(),
            usualDays: Type.Number(),
            min: Type.Number(),
            max: Type.Number(),
            required: Type.Boolean({ description: 'By law: a request for erasure does not shorten it' }),
          },
          strict,
        ),
      ),
      lastPurge: Type.Optional(Type.Object({ at: Ms, payloads: Count, error: Type.Optional(Text) }, strict)),
    },
    strict,
  ),
)

export type JournalProven = Proven<
  [
    Fits<typeof FilterShape, JournalFilter>,
    Fits<typeof JournalPageShape, JournalPage>,
    Fits<typeof JournalDaysShape, JournalDays>,
    Fits<typeof SavedSearchShape, SavedSearch>,
    Fits<typeof CheckpointShape, CheckpointView>,
    Fits<typeof RowProofShape, RowProof>,
    Fits<typeof ConsistencyShape, ConsistencyProof>,
    Fits<typeof ExportJobShape, ExportJob>,
    Fits<typeof ExportScheduleShape, ExportSchedule>,
    Fits<typeof BackupShape, Backup>,
    Fits<typeof BackupsShape, BackupsView>,
    Fits<typeof HoldShape, HoldView>,
    Fits<typeof ErasureShape, ErasureView>,
    Fits<typeof RetentionShape, RetentionView>,
  ]
>
