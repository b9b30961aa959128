/** Answers about accounts, sessions and tokens. */
import { Type } from '#devices/schema.ts'
import type {
  AccountView,
  FactorAdded,
  Invited,
  OperatorList,
  OperatorView,
  PasskeyOptions,
  RecoveryCodes,
  RoleList,
  SessionInfo,
  SessionList,
  TokenList,
  TokenMade,
  TotpOffer,
} from '../../api.ts'
import { CAPABILITIES, ROLES } from '../../rules/roles.ts'
import { Count, type Fits, Ms, named, type Proven, strict, Text, Yes } from './parts.ts'

export const CapabilityShape = named('Capability', Type.Enum([...CAPABILITIES]))
const RoleShape = named('Role', Type.Enum([...ROLES]))
const Zones = Type.Optional(Type.Array(Text, { description: 'Absent: everywhere' }))

const OPERATOR = { login: Text, name: Text, role: RoleShape, zones: Zones }
const OperatorShape = named('Operator', Type.Object(OPERATOR, strict))
export const SessionInfoShape = named(
  'SessionInfo',
  Type.Object(
    {
      operator: Type.Optional(OperatorShape),
      stage: Type.Optional(
        Type.Enum(['factor', 'enrol', 'in'], {
          description: 'factor: a second factor is owed; enrol: one has to be set up first; in: signed in',
        }),
      ),
      factors: Type.Optional(Type.Array(Type.Enum(['totp', 'passkey', 'recovery']))),
      capabilities: Type.Optional(Type.Array(CapabilityShape)),
      steppedUpUntil: Type.Optional(Ms),
      setupNeeded: Type.Boolean({ description: 'No administrator exists yet' }),
      provider: Type.Optional(Text),
    },
    strict,
  ),
)
export const PasskeyOptionsShape = named('PasskeyOptions', Type.Object({ options: Type.Unknown() }, strict))

const PasskeyShape = Type.Object({ id: Text, name: Text, createdAt: Ms, usedAt: Type.Optional(Ms) }, strict)
export const AccountShape = named(
  'Account',
  Type.Object(
    {
      ...OPERATOR,
      totp: Type.Boolean(),
      passkeys: Type.Array(PasskeyShape),
      recoveryCodesLeft: Count,
      passwordSince: Type.Optional(Ms),
      secondFactorRequired: Type.Boolean(),
      person: Type.Optional(Text),
      external: Type.Optional(Yes),
    },
    strict,
  ),
)
export const TotpOfferShape = named(
  'TotpOffer',
  Type.Object({ secret: Type.String({ description: 'Base32' }), uri: Text }, strict),
)
const Codes = Type.Array(Text, { description: 'Shown once, each good once' })
export const RecoveryCodesShape = named('RecoveryCodes', Type.Object({ recoveryCodes: Codes }, strict))
export const FactorAddedShape = named(
  'FactorAdded',
  Type.Object({ recoveryCodes: Type.Optional(Codes), session: SessionInfoShape }, strict),
)
export const SessionListShape = named(
  'SessionList',
  Type.Object(
    {
      sessions: Type.Array(
        Type.Object(
          { id: Text, createdAt: Ms, seenAt: Ms, expiresAt: Ms, client: Text, address: Text, own: Type.Boolean() },
          strict,
        ),
      ),
    },
    strict,
  ),
)

export const OperatorViewShape = named(
  'OperatorView',
  Type.Object(
    {
      ...OPERATOR,
      status: Type.Enum(['invited', 'active', 'disabled']),
      email: Type.Optional(Text),
      createdAt: Ms,
      signedInAt: Type.Optional(Ms),
      totp: Type.Boolean(),
      passkeys: Count,
      external: Type.Boolean({ description: 'Comes from the directory' }),
      person: Type.Optional(Text),
      revision: Count,
    },
    strict,
  ),
)
export const OperatorListShape = named(
  'OperatorList',
  Type.Object({ operators: Type.Array(OperatorViewShape), next: Type.Optional(Text) }, strict),
)
export const InvitedShape = named(
  'Invited',
  Type.Object(
    {
      login: Text,
      link: Type.String({ description: 'Path and fragment of the one-time link; handed out once' }),
      expiresAt: Ms,
      mailed: Type.Boolean(),
      revision: Count,
    },
    strict,
  ),
)
export const RoleListShape = named(
  'RoleList',
  Type.Object(
    {
      roles: Type.Array(
        Type.Object(
          {
            role: RoleShape,
            capabilities: Type.Array(CapabilityShape),
            secondFactorRequired: Type.Boolean(),
            longestSession: Count,
          },
          strict,
        ),
      ),
    },
    strict,
  ),
)

const TokenShape = named(
  'Token',
  Type.Object(
    {
      id: Text,
      name: Text,
      capabilities: Type.Array(CapabilityShape),
      zones: Zones,
      createdAt: Ms,
      expiresAt: Ms,
      usedAt: Type.Optional(Ms),
      by: Text,
    },
    strict,
  ),
)
export const TokenListShape = named(
  'TokenList',
  Type.Object({ tokens: Type.Array(TokenShape), next: Type.Optional(Text) }, strict),
)
export const TokenMadeShape = named(
  'TokenMade',
  Type.Object({ token: Type.String({ description: 'Shown once' }), view: TokenShape }, strict),
)

export type AccountsProven = Proven<
  [
    Fits<typeof SessionInfoShape, SessionInfo>,
    Fits<typeof PasskeyOptionsShape, PasskeyOptions>,
    Fits<typeof AccountShape, AccountView>,
    Fits<typeof TotpOfferShape, TotpOffer>,
    Fits<typeof RecoveryCodesShape, RecoveryCodes>,
    Fits<typeof FactorAddedShape, FactorAdded>,
    Fits<typeof SessionListShape, SessionList>,
    Fits<typeof OperatorViewShape, OperatorView>,
    Fits<typeof OperatorListShape, OperatorList>,
    Fits<typeof InvitedShape, Invited>,
    Fits<typeof RoleListShape, RoleList>,
    Fits<typeof TokenListShape, TokenList>,
    Fits<typeof TokenMadeShape, TokenMade>,
  ]
>
