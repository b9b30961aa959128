/** Incidents, as they are asked for and answered. */
import { Type } from '#devices/schema.ts'
import { PointClassSchema } from '../../access/site.ts'
import type {
  ArmedZones,
  Assignees,
  DryRunAnswer,
  IncidentDone,
  IncidentList,
  IncidentView,
  Signal,
  ZoneArming,
} from '../../api.ts'
import { INCIDENT_FINDINGS, INCIDENT_STATES } from '../../rules/incidents.ts'
import { ROLES } from '../../rules/roles.ts'
import { ALERT_KINDS, SEVERITIES } from '../../rules/scenarios.ts'
import { MessageShape } from './contact.ts'
import { Count, type Fits, Ms, named, type Proven, strict, Text } from './parts.ts'

const Severity = Type.Enum([...SEVERITIES])
const Kind = Type.Enum([...ALERT_KINDS])
const STEPS = ['acknowledge', 'assign', 'snooze', 'resolve', 'told'] as const
const Finding = Type.Enum([...INCIDENT_FINDINGS])

export const SignalShape = named(
  'IncidentSignal',
  Type.Object(
    {
      key: Text,
      scenario: Text,
      kind: Kind,
      severity: Severity,
      subject: Type.Object(
        {
          zone: Type.Optional(Text),
          device: Type.Optional(Text),
          point: Type.Optional(Text),
          accessPoint: Type.Optional(Text),
          class: Type.Optional(PointClassSchema),
        },
        strict,
      ),
      at: Ms,
      count: Count,
      lastAt: Ms,
      restoredAt: Type.Optional(Type.Integer({ description: 'It is over, ms since 1970' })),
    },
    strict,
  ),
)
const StepShape = Type.Object(
  {
    at: Ms,
    do: Type.Enum([...STEPS]),
    by: Type.Optional(Text),
    to: Type.Optional(Text),
    until: Type.Optional(Ms),
    step: Type.Optional(Count),
    told: Type.Optional(Count),
  },
  strict,
)
export const IncidentShape = named(
  'Incident',
  Type.Object(
    {
      id: Text,
      state: Type.Enum([...INCIDENT_STATES]),
      kind: Kind,
      severity: Severity,
      zone: Type.Optional(Text),
      at: Ms,
      lastAt: Ms,
      signals: Type.Array(SignalShape, { description: 'Lines of its timeline, as they came' }),
      more: Type.Optional(Type.Integer({ description: 'Signals beyond 200 lines, in the journal only' })),
      history: Type.Array(StepShape, { description: 'What people did with it, and whom Vigie told' }),
      acknowledgedBy: Type.Optional(Text),
      acknowledgedAt: Type.Optional(Ms),
      assignee: Type.Optional(Text),
      resolvedBy: Type.Optional(Text),
      resolvedAt: Type.Optional(Ms),
      finding: Type.Optional(Finding),
      snoozedUntil: Type.Optional(Ms),
      step: Count,
      nextStepAt: Type.Optional(Ms),
      revision: Type.Integer(),
      messages: Type.Optional(Type.Array(MessageShape, { description: 'Whom Vigie told; in lists left out' })),
      names: Type.Record(Type.String(), Text, { description: 'Of the people in it, by pseudonym, as far as known' }),
    },
    strict,
  ),
)
export const IncidentListShape = named(
  'IncidentList',
  Type.Object({ incidents: Type.Array(IncidentShape), next: Type.Optional(Type.Integer()) }, strict),
)
export const IncidentDoneShape = named(
  'IncidentDone',
  Type.Object(
    {
      incident: IncidentShape,
      recorded: Type.Enum(['journal', 'pending'], { description: 'pending: in memory, until the disk is back' }),
    },
    strict,
  ),
)
export const AssigneesShape = named(
  'Assignees',
  Type.Object(
    {
      operators: Type.Array(
        named('Assignee', Type.Object({ login: Text, name: Text, role: Type.Enum([...ROLES]) }, strict)),
      ),
    },
    strict,
  ),
)
export const ArmedZonesShape = named(
  'ArmedZones',
  Type.Object(
    { zones: Type.Array(Type.Object({ zone: Text, at: Ms, by: Text, name: Type.Optional(Text) }, strict)) },
    strict,
  ),
)
export const ZoneArmingShape = named(
  'ZoneArming',
  Type.Object({ zone: Text, armed: Type.Boolean(), changed: Type.Boolean() }, strict),
)
export const DryRunShape = named(
  'DryRunAnswer',
  Type.Object(
    {
      scenario: Text,
      days: Count,
      from: Ms,
      until: Ms,
      journalSince: Type.Optional(Ms),
      rows: Count,
      begun: Count,
      heldBack: Count,
      list: Type.Array(
        Type.Object(
          {
            at: Ms,
            endedAt: Type.Optional(Ms),
            row: Type.Optional(Count),
            zone: Type.Optional(Text),
            device: Type.Optional(Text),
            accessPoint: Type.Optional(Text),
          },
          strict,
        ),
      ),
    },
    strict,
  ),
)
export type IncidentsProven = Proven<
  [
    Fits<typeof SignalShape, Signal>,
    Fits<typeof IncidentShape, IncidentView>,
    Fits<typeof IncidentListShape, IncidentList>,
    Fits<typeof IncidentDoneShape, IncidentDone>,
    Fits<typeof AssigneesShape, Assignees>,
    Fits<typeof ArmedZonesShape, ArmedZones>,
    Fits<typeof ZoneArmingShape, ZoneArming>,
    Fits<typeof DryRunShape, DryRunAnswer>,
  ]
>

export const Resolution = Type.Object(
  {
    finding: Finding,
    comment: Type.Optional(Type.String({ minLength: 1, maxLength: 500, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })),
  },
  strict,
)
