/** What is there and what goes on: the site, devices, the feed, the hub itself. */
import { REFUSALS, type Refusal } from '#devices/messages.ts'
import { Type } from '#devices/schema.ts'
import { GRANT_ORIGINS } from '../../access/grants.ts'
import { REASONS, type Reason } from '../../access/reasons.ts'
import { AccessPoint, Device, EvacuationPlan, LockdownPlan, Site, Zone } from '../../access/site.ts'
import type {
  DeviceDetail,
  DeviceList,
  DeviceState,
  EventPage,
  HubState,
  LiveEvent,
  PointState,
  SiteView,
  SituationsView,
} from '../../api.ts'
import { FINDINGS } from '../../events.ts'
import { Count, type Fits, Kind, Ms, named, type Proven, SomeoneShape, strict, Text, Yes } from './parts.ts'
import { SeriesHealthShape } from './series.ts'

export const OriginShape = Type.Enum([...GRANT_ORIGINS])
export const FindingShape = Type.Enum([...FINDINGS])
export const ReasonShape = named('Reason', Type.Enum(Object.keys(REASONS) as Reason[]))
const RefusalShape = named('Refusal', Type.Enum([...REFUSALS]))
const RefusedShape = Type.Unsafe<Partial<Record<Refusal, number>>>(
  Type.Object({}, { propertyNames: { enum: [...REFUSALS] }, additionalProperties: Count }),
)

const ZoneShape = named('Zone', Zone)
const AccessPointShape = named('AccessPoint', AccessPoint)
export const SiteViewShape = named(
  'SiteView',
  Type.Object(
    {
      site: Site.properties.site,
      zones: Type.Array(ZoneShape),
      devices: Type.Array(named('SiteDevice', Device)),
      accessPoints: Type.Array(AccessPointShape),
      lockdownPlans: Type.Array(named('LockdownPlan', LockdownPlan)),
      evacuationPlans: Type.Array(named('EvacuationPlan', EvacuationPlan)),
    },
    strict,
  ),
)

const PointStateShape = named(
  'PointState',
  Type.Object(
    {
      device: Text,
      point: Text,
      accessPoint: Type.Optional(Text),
      zone: Type.Optional(Text),
      lock: Type.Optional(Type.Enum(['locked', 'unlocked'])),
      contact: Type.Optional(Type.Enum(['open', 'closed'])),
      tamper: Type.Optional(Type.Boolean()),
      on: Type.Optional(Type.Boolean()),
      brightness: Type.Optional(Type.Number()),
      battery: Type.Optional(Type.Number()),
      sounding: Type.Optional(Type.Boolean()),
      ordered: Type.Optional(Type.Boolean({ description: 'An unlock was ordered and not answered yet' })),
      forced: Type.Optional(Type.Boolean({ description: 'Opened without a grant or a request to exit' })),
      since: Ms,
    },
    { ...strict, description: 'As last reported; what is absent was never reported' },
  ),
)
const DEVICE = {
  id: Text,
  model: Text,
  name: Text,
  zone: Type.Optional(Text),
  status: Type.Enum(['declared', 'enrolled', 'revoked']),
  online: Type.Boolean(),
  since: Type.Optional(Ms),
  lastSeen: Type.Optional(Ms),
  certificateUntil: Type.Optional(Ms),
  trust: Type.Optional(
    Type.Enum(['certificate', 'password', 'password-plain'], {
      description: 'What vouches for what it says; only a certificate takes part in decisions',
    }),
  ),
  skewMs: Type.Optional(Type.Number({ description: 'Hub minus device clock' })),
  skewed: Type.Optional(Type.Boolean()),
  readings: Type.Record(Type.String(), Type.Object({ value: Type.Number(), unit: Text, at: Ms }, strict)),
  refused: RefusedShape,
  messages: Count,
}
const DeviceStateShape = named('DeviceState', Type.Object(DEVICE, strict))
export const DeviceListShape = named('DeviceList', Type.Object({ devices: Type.Array(DeviceStateShape) }, strict))
export const DeviceDetailShape = named(
  'DeviceDetail',
  Type.Object(
    {
      ...DEVICE,
      points: Type.Array(PointStateShape),
      found: Type.Array(Type.Object({ address: Text, fields: Type.Array(Text), at: Ms }, strict), {
        description: 'Of a gateway: what it tells of that no device of the site is',
      }),
    },
    strict,
  ),
)

export const LiveEventShape = named(
  'LiveEvent',
  Type.Object(
    {
      seq: Type.Integer({ description: 'Of the journal; below zero while unrecorded' }),
      unrecorded: Type.Optional(Yes),
      replaces: Type.Optional(Type.Integer()),
      at: Ms,
      kind: Kind,
      device: Type.Optional(Text),
      point: Type.Optional(Text),
      accessPoint: Type.Optional(Text),
      zone: Type.Optional(Text),
      person: Type.Optional(SomeoneShape),
      witness: Type.Optional(SomeoneShape),
      reason: Type.Optional(ReasonShape),
      refusal: Type.Optional(RefusalShape),
      count: Type.Optional(Count),
      silent: Type.Optional(Count),
      via: Type.Optional(Type.Enum(['grant', 'break-glass'])),
      plan: Type.Optional(Text),
      by: Type.Optional(Text),
      finding: Type.Optional(FindingShape),
      origin: Type.Optional(OriginShape),
      grant: Type.Optional(Text),
      reference: Type.Optional(Text),
      key: Type.Optional(Text),
      tenant: Type.Optional(Text),
      why: Type.Optional(Type.Enum(['expired', 'badge-lost', 'withdrawn'])),
      ms: Type.Optional(Type.Number()),
    },
    strict,
  ),
)
export const EventPageShape = named(
  'EventPage',
  Type.Object(
    {
      events: Type.Array(LiveEventShape),
      next: Type.Optional(Type.Integer({ description: 'Pass as before for the next page; absent at the end' })),
    },
    strict,
  ),
)

export const BackupDestinationShape = named(
  'BackupDestination',
  Type.Object({ destination: Text, newest: Type.Optional(Ms), overdue: Type.Boolean() }, strict),
)
export const StorageShape = named(
  'Storage',
  Type.Object(
    { state: Type.Enum(['ok', 'warning', 'full']), usedBytes: Count, quotaBytes: Count, freeBytes: Count },
    strict,
  ),
)
export const HubStateShape = named(
  'HubState',
  Type.Object(
    {
      version: Text,
      startedAt: Ms,
      journal: Type.Object(
        { writable: Type.Boolean(), rows: Count, lastCommitMs: Type.Optional(Type.Number()) },
        strict,
      ),
      unidentified: Type.Optional(RefusedShape),
      devicesOnline: Count,
      devicesKnown: Count,
      storage: Type.Optional(StorageShape),
      series: Type.Optional(SeriesHealthShape),
      backups: Type.Optional(Type.Array(BackupDestinationShape)),
      directory: Type.Optional(Type.Object({ usable: Type.Boolean(), groups: Count }, strict)),
    },
    strict,
  ),
)
export const AliveShape = Type.Object({ status: Type.Literal('ok') }, strict)

const PLACE = { accessPoint: Text, zone: Type.Optional(Text), person: Type.Optional(SomeoneShape) }
export const SituationsShape = named(
  'Situations',
  Type.Object(
    {
      lockdowns: Type.Array(Type.Object({ plan: Text, since: Ms, until: Ms, by: Type.Optional(Text) }, strict)),
      evacuations: Type.Array(
        Type.Object(
          {
            plan: Text,
            since: Ms,
            by: Type.Optional(Text),
            releasing: Type.Boolean({ description: 'False after a restart, until someone says to release again' }),
            inside: Count,
            safe: Count,
          },
          strict,
        ),
      ),
      awaited: Type.Array(Type.Object({ ...PLACE, since: Ms, until: Ms }, strict)),
      breakGlass: Type.Array(Type.Object({ ...PLACE, id: Text, since: Ms, until: Ms }, strict)),
      reviews: Type.Object({ open: Count, overdue: Count }, strict),
    },
    strict,
  ),
)

export type LiveProven = Proven<
  [
    Fits<typeof SiteViewShape, SiteView>,
    Fits<typeof PointStateShape, PointState>,
    Fits<typeof DeviceStateShape, DeviceState>,
    Fits<typeof DeviceListShape, DeviceList>,
    Fits<typeof DeviceDetailShape, DeviceDetail>,
    Fits<typeof LiveEventShape, LiveEvent>,
    Fits<typeof EventPageShape, EventPage>,
    Fits<typeof HubStateShape, HubState>,
    Fits<typeof SituationsShape, SituationsView>,
  ]
>
