/**
 * Keys for programs, made and revoked. Whoever makes one hands out no more than they may do themselves, and nothing that makes
 * or ends ways in; what it may do at a given moment is worked out anew at each request (bearer.ts).
 */
import { randomBytes } from 'node:crypto'
import type { TokenList, TokenMade, TokenRequest } from '../api.ts'
import { VigieError } from '../errors.ts'
import { byToken } from '../rules/roles.ts'
import { reachOf, type ZoneNode } from '../rules/zones.ts'
import type { Tokens } from './account-ports.ts'
import { TOKEN_PREFIX } from './bearer.ts'
import { type Caller, may } from './permissions.ts'
import type { Clock } from './ports.ts'
import { hashOf, newSecret } from './secrets.ts'

const MOST_DAYS = 366
const DAY_MS = 86_400_000
/** In force at once, of one operator. */
const MOST = 50

/** In whose name it will act. */
export type Maker = Pick<Caller, 'id' | 'operator' | 'capabilities'>
export interface TokenDeskOptions {
  readonly tokens: Tokens
  readonly zones: () => readonly ZoneNode[]
  readonly now: Clock
}

export class TokenDesk {
  readonly #options: TokenDeskOptions

  constructor(options: TokenDeskOptions) {
    this.#options = options
  }

  list(): TokenList {
    return { tokens: this.#options.tokens.list(this.#options.now()) }
  }

  /**
   * @param by whoever makes it, where that is not the operator whose token it is
   * @returns the secret, this once: 256 random bits
   * @throws VigieError token-beyond, token-term, zone-unknown, tokens-full, journal-unavailable
   */
  async make({ name, capabilities, zones, expiresAt }: TokenRequest, maker: Maker, by?: string): Promise<TokenMade> {
    const { tokens, now } = this.#options
    const createdAt = now()
    this.#check({ capabilities, zones, expiresAt }, maker, createdAt)
    if (tokens.countOf(maker.id, createdAt) >= MOST) throw new VigieError('tokens-full', { limit: MOST })
    const secret = newSecret()
    const asked = { name, capabilities, ...(zones && { zones }), createdAt, expiresAt }
    const id = `t-${randomBytes(6).toString('hex')}`
    await tokens.create({ ...asked, id, hash: hashOf(secret), operator: maker.id, ...(by !== undefined && { by }) })
    return { token: TOKEN_PREFIX + secret, view: { ...asked, id, by: maker.operator.name } }
  }

  /** @throws VigieError token-unknown, journal-unavailable */
  async revoke(id: string, by: string): Promise<void> {
    const { tokens, now } = this.#options
    if (!(await tokens.revoke(id, by, now()))) throw new VigieError('token-unknown', { token: id })
  }

  #check(
    {
      capabilities,
      zones,
      expiresAt,
    }: Pick<TokenRequest, 'capabilities' | 'expiresAt'> & {
      readonly zones: TokenRequest['zones'] | undefined
    },
    maker: Maker,
    now: number,
  ): void {
    const beyond = capabilities.find(one => !byToken(one) || !may(maker, one))
    if (beyond !== undefined) throw new VigieError('token-beyond', { capability: beyond, field: 'capabilities' })
    if (expiresAt <= now || expiresAt > now + MOST_DAYS * DAY_MS)
      throw new VigieError('token-term', { days: MOST_DAYS, field: 'expiresAt' })
    const nodes = this.#options.zones()
    const reach = reachOf(nodes, maker.operator.zones)
    const strange = zones?.find(zone => !nodes.some(node => node.id === zone) || (reach && !reach.has(zone)))
    if (strange !== undefined) throw new VigieError('zone-unknown', { zone: strange, field: 'zones' })
  }
}
