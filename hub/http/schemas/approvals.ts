/** Shapes of what waits for a second operator: answers of operations-approvals.ts. */
import { Type } from '#devices/schema.ts'
import type { ApprovalAsked, ApprovalList, ApprovalView } from '../../api.ts'
import { APPROVAL_STATES, DANGEROUS_ACTS } from '../../rules/approvals.ts'
import { ErasureShape } from './journal.ts'
import { type Fits, Ms, named, type Proven, strict, Text } from './parts.ts'

const Act = named('DangerousAct', Type.Enum([...DANGEROUS_ACTS]))
const Facts = Type.Record(Type.String(), Type.Unknown())

export const ApprovalAskedShape = named(
  'ApprovalAsked',
  Type.Object(
    {
      approval: Type.Object(
        {
          id: Text,
          act: Act,
          expiresAt: Type.Integer({ description: 'Until then it may be approved, ms since 1970' }),
        },
        strict,
      ),
    },
    { ...strict, description: 'Nothing has changed: it waits for a second operator' },
  ),
)
export const ApprovalShape = named(
  'Approval',
  Type.Object(
    {
      id: Text,
      act: Act,
      state: Type.Enum([...APPROVAL_STATES]),
      subject: Type.Optional(Type.Object({ kind: Text, id: Text, name: Text }, strict)),
      before: Type.Optional(Facts),
      after: Type.Optional(Facts),
      asker: Text,
      askedAt: Ms,
      expiresAt: Ms,
      statedReason: Type.Optional(Text),
      decidedBy: Type.Optional(Text),
      decidedAt: Type.Optional(Ms),
      decisionReason: Type.Optional(Text),
      cause: Type.Optional(Type.String({ description: 'State failed: code of the error table, docs/errors.md' })),
      outcome: Type.Optional(ErasureShape),
      own: Type.Boolean({ description: 'Asked for by whoever asks now' }),
      mayDecide: Type.Boolean({ description: 'Whoever asks now may approve or refuse it' }),
    },
    strict,
  ),
)
export const ApprovalListShape = named(
  'ApprovalList',
  Type.Object({ approvals: Type.Array(ApprovalShape), next: Type.Optional(Type.Integer()) }, strict),
)
export type ApprovalsProven = Proven<
  [
    Fits<typeof ApprovalAskedShape, ApprovalAsked>,
    Fits<typeof ApprovalShape, ApprovalView>,
    Fits<typeof ApprovalListShape, ApprovalList>,
  ]
>
