/** Keys for programs, and what programs follow the journal with: reads at once, writes with their rows. */
import type { Capability, Role } from '../api.ts'
import type { Config } from '../config.ts'
import type { StoredToken, Tokens } from '../http/account-ports.ts'
import { type BearerOptions, Bearers } from '../http/bearer.ts'
import { EventStreams, type JournalTail } from '../http/event-stream.ts'
import { RateLimits } from '../http/rate-limit.ts'
import type { JournalReads } from '../http/reads.ts'
import { streamRoutes } from '../http/routes/stream.ts'
import { tokenRoutes } from '../http/routes/tokens.ts'
import type { HttpOptions } from '../http/server.ts'
import type { Sessions } from '../http/sessions.ts'
import type { TenantDesk } from '../http/tenant-ports.ts'
import { TokenDesk } from '../http/tokens.ts'
import { lineOf, type Names, QUIET_KINDS } from '../notify/model.ts'
import { turn } from '../record/paging.ts'
import { events, lastSeq } from '../record/reading.ts'
import type { Db } from '../record/sql.ts'
import { tokensOf as countOf, type TokenInUse, tokenInUse, tokens } from '../record/tokens.ts'
import type { PerformOp } from './enrolment.ts'

export interface ProgramNeeds extends Omit<BearerOptions, 'tokens'> {
  readonly config: Pick<Config, 'tokenRate' | 'sessionRate'>
  readonly db: Db
  readonly op: PerformOp
  readonly names: Names
  readonly sessions: Sessions
  readonly reads: JournalReads
  /** Accounts that have ended though the store does not know yet. */
  readonly isSuspended?: (operator: string) => boolean
  /** What applications are shown. */
  readonly desk: TenantDesk
}

/** What programs need of the HTTP edge. */
export function programs(needs: ProgramNeeds): Required<Pick<HttpOptions, 'bearers' | 'rates' | 'plugins'>> {
  const { config, db, op, names, sessions, reads, zones, log, now } = needs
  const known = tokensOf(db, op, needs.isSuspended)
  const bearers = new Bearers({ ...needs, tokens: known })
  const streams = new EventStreams({ tail: tailOf(db, names), reads, log })
  return {
    bearers,
    rates: new RateLimits({ token: config.tokenRate, session: config.sessionRate }),
    plugins: [
      tokenRoutes(new TokenDesk({ tokens: known, zones, now })),
      streamRoutes({ streams, sessions, bearers, zones, tenants: needs.desk }),
    ],
  }
}

/** The journal for who follows it: lines as the feed has them. */
function tailOf(db: Db, names: Names): JournalTail {
  return {
    head: () => lastSeq(db),
    read: (after, upTo) =>
      events(db, { after, before: upTo + 1, limit: upTo - after, except: QUIET_KINDS }).map(row => ({
        event: row.event,
        line: lineOf(row, names),
      })),
    turn,
  }
}

export function tokensOf(db: Db, op: PerformOp, isSuspended: (operator: string) => boolean = () => false): Tokens {
  /** A row that did not change is the same object. */
  const read = new WeakMap<TokenInUse, StoredToken>()
  return {
    find: (hash, at) => {
      const row = tokenInUse(db, hash, at)
      if (!row || isSuspended(row.operator)) return undefined
      const stored = read.get(row) ?? storedOf(row)
      read.set(row, stored)
      return stored
    },
    used: async (id, at) => void (await op('tokenUsed', { id, at })),
    countOf: (operator, at) => countOf(db, operator, at),
    create: async ({ capabilities, zones, by, ...token }) =>
      op('createToken', {
        ...(by !== undefined && { by }),
        token: { ...token, capabilities: JSON.stringify(capabilities), zones: zones ? JSON.stringify(zones) : null },
      }),
    list: at =>
      tokens(db, at).map(({ capabilities, zones, usedAt, operator: _, ...token }) => ({
        ...token,
        capabilities: JSON.parse(capabilities) as Capability[],
        ...(zones !== null && { zones: JSON.parse(zones) as string[] }),
        ...(usedAt !== null && { usedAt }),
      })),
    revoke: async (id, by, at) => op('revokeToken', { id, by, at }),
  }
}

const storedOf = ({ id, operator, login, by: name, role, operatorZones, ...row }: TokenInUse): StoredToken => ({
  id,
  operator: {
    ...{ id: operator, login, name, role: role as Role },
    ...(operatorZones !== null && { zones: JSON.parse(operatorZones) as string[] }),
  },
  capabilities: JSON.parse(row.capabilities) as Capability[],
  ...(row.zones !== null && { zones: JSON.parse(row.zones) as string[] }),
  ...(row.usedAt !== null && { usedAt: row.usedAt }),
})
