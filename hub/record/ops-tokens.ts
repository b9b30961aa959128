/** Keys for programs come and go together with the rows that tell of them. */
import { append, type OpContext } from './op-context.ts'
import * as tokens from './tokens.ts'

export const TOKEN_OPS = {
  /** @param a.by who does it where that is not the operator whose token it is: `cli:<user>` */
  createToken: (c: OpContext, a: { token: tokens.TokenRow; by?: string }): void => {
    const { id, operator, capabilities, zones, createdAt, expiresAt } = a.token
    tokens.createToken(c.db, a.token)
    append(c, createdAt, {
      kind: 'token.created',
      token: id,
      by: a.by ?? operator,
      ...(a.by !== undefined && { operator }),
      capabilities: JSON.parse(capabilities) as string[],
      ...(zones !== null && { zones: JSON.parse(zones) as string[] }),
      expiresAt,
    })
  },
  /** @param a.by who does it: an operator's pseudonym, or `cli:<user>` @returns false, with nothing written, if there is none */
  revokeToken: (c: OpContext, a: { id: string; by: string; at: number }): boolean => {
    const revoked = tokens.revokeToken(c.db, a.id, a.at)
    if (revoked) append(c, a.at, { kind: 'token.revoked', token: a.id, by: a.by })
    return revoked
  },
  tokenUsed: (c: OpContext, a: { id: string; at: number }): number => tokens.tokenUsed(c.db, a.id, a.at),
} as const
