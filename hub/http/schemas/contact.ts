/** How people are told of alerts, as it is asked for and answered. */
import { Type } from '#devices/schema.ts'
import type { ContactTested, ContactView, MessageView, PushView, PushWish } from '../../api.ts'
import { CHANNELS, MESSAGE_CAUSES, MESSAGE_STATES } from '../../rules/telling.ts'
import { Count, type Fits, Ms, named, type Proven, strict, Text } from './parts.ts'

const Minute = Type.Integer({ minimum: 0, maximum: 1439, description: 'Of the site’s day' })
const CHANNEL = Type.Enum([...CHANNELS])
const CAUSE = Type.Enum([...MESSAGE_CAUSES])
const WISH = {
  language: Type.Enum(['fr', 'en']),
  mail: Type.Boolean({ description: 'To the mail address of the account' }),
  phone: Type.Optional(
    Type.String({ pattern: '^\\+[1-9][0-9]{5,14}$', description: 'With its country (E.164): +33612345678' }),
  ),
  quiet: Type.Optional(
    Type.Object({ from: Minute, until: Minute }, { ...strict, description: 'Only what is critical comes through' }),
  ),
  digest: Type.Optional(
    Type.Boolean({ description: 'Each morning at 07:00 by mail: alerts of the last day that were too low to be told' }),
  ),
}
export const ContactBody = Type.Object(WISH, strict)
export const ContactShape = named(
  'Contact',
  Type.Object(
    {
      ...WISH,
      address: Type.Optional(Text),
      ways: Type.Array(CHANNEL, { description: 'What this hub can do' }),
      revision: Type.Integer(),
    },
    strict,
  ),
)
const Key = (length: number) =>
  Type.String({ maxLength: length, pattern: `^[A-Za-z0-9_-]{${length}}$`, description: 'Base64url' })
export const PushBody = Type.Object(
  {
    endpoint: Type.String({ maxLength: 1024, pattern: '^https://[^\\s]+$' }),
    p256dh: Key(87),
    auth: Key(22),
    name: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' },
        description: 'Without it the browser’s own: Firefox, Windows',
      }),
    ),
  },
  strict,
)
export const PushShape = named(
  'PushBrowsers',
  Type.Object(
    {
      key: Type.Optional(Type.String({ description: 'With what a browser subscribes; absent: no way to send there' })),
      browsers: Type.Array(Type.Object({ id: Text, name: Text, at: Ms }, strict)),
    },
    strict,
  ),
)
export const ContactTestedShape = named(
  'ContactTested',
  Type.Object(
    {
      channel: CHANNEL,
      outcome: Type.Enum(['delivered', 'handed-over', 'failed'], {
        description: 'handed-over: the gateway has it, and does not know more yet',
      }),
      cause: Type.Optional(CAUSE),
    },
    strict,
  ),
)
export const MessageShape = named(
  'AlertMessage',
  Type.Object(
    {
      operator: Text,
      name: Type.Optional(Text),
      step: Type.Optional(Count),
      channel: CHANNEL,
      state: Type.Enum([...MESSAGE_STATES]),
      at: Ms,
      tries: Count,
      cause: Type.Optional(CAUSE),
    },
    strict,
  ),
)
export type ContactProven = Proven<
  [
    Fits<typeof ContactShape, ContactView>,
    Fits<typeof ContactTestedShape, ContactTested>,
    Fits<typeof PushShape, PushView>,
    Fits<typeof PushBody, PushWish>,
    Fits<typeof MessageShape, MessageView>,
  ]
>
