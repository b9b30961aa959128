/** Outgoing webhooks, as they are answered. */
import { Type } from '#devices/schema.ts'
import type {
  WebhookDeadList,
  WebhookDeliveries,
  WebhookList,
  WebhookMade,
  WebhookTried,
  WebhookView,
} from '../../api.ts'
import { DELIVERY_CAUSES, PAUSE_CAUSES } from '../../rules/webhooks.ts'
import { Count, type Fits, Kind, Ms, named, type Proven, strict, Text } from './parts.ts'

const CauseShape = named('DeliveryCause', Type.Enum([...DELIVERY_CAUSES]))
const Status = Type.Integer({ description: 'Of the receiver’s answer' })

export const WebhookViewShape = named(
  'Webhook',
  Type.Object(
    {
      id: Text,
      name: Text,
      url: Text,
      kinds: Type.Array(Kind, { description: 'None: all that its owner may see' }),
      zones: Type.Optional(Type.Array(Text)),
      tenant: Type.Optional(Text),
      by: Type.Optional(Text),
      status: Type.Enum(['active', 'paused']),
      pausedBecause: Type.Optional(Type.Enum([...PAUSE_CAUSES])),
      pausedAt: Type.Optional(Ms),
      createdAt: Ms,
      behind: Type.Integer({ minimum: 0, description: 'Rows of the journal that it has yet to come to' }),
      deliveredAt: Type.Optional(Ms),
      failingSince: Type.Optional(Ms),
      nextAttemptAt: Type.Optional(Ms),
      dead: Type.Integer({ minimum: 0, description: 'Rows that are set aside' }),
      oldSecretUntil: Type.Optional(Ms),
      revision: Count,
    },
    strict,
  ),
)
export const WebhookListShape = named(
  'WebhookList',
  Type.Object(
    {
      webhooks: Type.Array(WebhookViewShape),
      open: Type.Boolean({ description: 'Whether any may be made at all' }),
      hosts: Type.Optional(Type.Array(Text)),
    },
    strict,
  ),
)
export const WebhookMadeShape = named(
  'WebhookMade',
  Type.Object({ secret: Type.String({ description: 'Shown once' }), webhook: WebhookViewShape }, strict),
)
const DeliveryShape = named(
  'WebhookDelivery',
  Type.Object(
    {
      seq: Count,
      at: Ms,
      attempt: Count,
      outcome: Type.Enum(['delivered', 'failed', 'dead']),
      status: Type.Optional(Status),
      cause: Type.Optional(CauseShape),
      ms: Count,
    },
    strict,
  ),
)
export const WebhookDeliveriesShape = named(
  'WebhookDeliveries',
  Type.Object({ deliveries: Type.Array(DeliveryShape) }, strict),
)
const DeadShape = named(
  'WebhookDead',
  Type.Object(
    { seq: Count, at: Ms, attempts: Count, status: Type.Optional(Status), cause: Type.Optional(CauseShape) },
    strict,
  ),
)
export const WebhookDeadListShape = named(
  'WebhookDeadList',
  Type.Object({ dead: Type.Array(DeadShape), next: Type.Optional(Count) }, strict),
)
export const WebhookTriedShape = named(
  'WebhookTried',
  Type.Object(
    { delivered: Type.Boolean(), status: Type.Optional(Status), cause: Type.Optional(CauseShape), ms: Count },
    strict,
  ),
)

export type WebhooksProven = Proven<
  [
    Fits<typeof WebhookViewShape, WebhookView>,
    Fits<typeof WebhookListShape, WebhookList>,
    Fits<typeof WebhookMadeShape, WebhookMade>,
    Fits<typeof WebhookDeliveriesShape, WebhookDeliveries>,
    Fits<typeof WebhookDeadListShape, WebhookDeadList>,
    Fits<typeof WebhookTriedShape, WebhookTried>,
  ]
>
