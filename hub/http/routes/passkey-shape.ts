/** What a browser answers about a passkey (WebAuthn Level 3, RegistrationResponseJSON and AuthenticationResponseJSON). */
import { Type } from '#devices/schema.ts'

const Bytes = Type.String({ maxLength: 8_192, pattern: '^[A-Za-z0-9_-]*$', description: 'base64url' })
/** Browsers add members; those that count are checked by the library, byte by byte. */
const open = { additionalProperties: true } as const

export const Passkey = Type.Object(
  {
    id: Bytes,
    rawId: Bytes,
    type: Type.Literal('public-key'),
    response: Type.Object(
      {
        clientDataJSON: Bytes,
        authenticatorData: Type.Optional(Bytes),
        signature: Type.Optional(Bytes),
        attestationObject: Type.Optional(Bytes),
        transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 10 })),
      },
      open,
    ),
    clientExtensionResults: Type.Object({}, open),
  },
  open,
)
