/**
 * Somebody asks for what nobody does alone.
 *
 *   look     is it such an act? While there is no account at all there is nobody to ask, and nothing waits
 *   check    what it would run into today: nothing is kept waiting that could not be done anyway
 *   record   what was asked for, by whom, with what before and after; and its row
 *
 * Nothing has changed then. A second operator decides (approval-decided.ts), within 24 h.
 */
import { effectiveFailureMode } from '../access/places.ts'
import type { AccessPoint } from '../access/site.ts'
import type { ApprovalEvent } from '../events.ts'
import { APPROVAL_MS, type DangerousAct, dangerIn, type LockMode } from '../rules/approvals.ts'
import type { Awaitable } from './acting.ts'
import type { Edit } from './item-edited.ts'

/** What has to be known of an act to carry it out a day later. */
export interface ItemArgs {
  readonly kind: string
  readonly id: string
  /** Absent: it is taken away. */
  readonly item?: unknown
  readonly expected: number
}
export interface ErasureArgs {
  /** Of the site, by id. */
  readonly person: string
  readonly withdraw: boolean
  readonly statedReason?: string
}
type Facts = Readonly<Record<string, unknown>>

/** It waits for a second operator. Nothing has changed. */
export interface Waiting {
  readonly approval: { readonly id: string; readonly act: DangerousAct; readonly expiresAt: number }
}

interface Needs {
  /** How many accounts there are, of whatever kind. */
  readonly accounts: () => number
  /** Access points as they are, then as they were, the newest first. */
  readonly points: () => readonly AccessPoint[]
  /** @returns the id under which it waits @throws VigieError approval-pending, journal-unavailable */
  readonly write: (asked: {
    readonly at: number
    readonly approval: {
      readonly id: string
      readonly act: DangerousAct
      readonly subject: string
      readonly args: string
      readonly before: string | null
      readonly after: string | null
      readonly asker: string
      readonly statedReason: string | null
      readonly expiresAt: number
    }
    readonly event: ApprovalEvent
  }) => Awaitable<string>
  /** When what waits under this id ends. */
  readonly expiryOf: (id: string) => number | undefined
  readonly newId: () => string
  readonly now: () => number
}
interface Wish {
  readonly act: DangerousAct
  readonly subject: string
  /** Pseudonym, where it is about a person. */
  readonly person?: string
  readonly args: ItemArgs | ErasureArgs
  readonly before?: Facts
  readonly after?: Facts
  readonly asker: string
  readonly statedReason?: string
}

export class ApprovalAsked {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @returns which act this edit is, if it is one that waits */
  danger({ kind, id, item }: Pick<ItemArgs, 'kind' | 'id' | 'item'>): DangerousAct | undefined {
    if (this.nobodyToAsk) return undefined
    const removed = item === undefined
    const after = kind === 'accessPoint' && isPoint(item) ? lockMode(item) : undefined
    if (after === undefined) return dangerIn({ kind, id, removed }, [])
    return dangerIn({ kind, id, removed, after }, this.#needs.points().map(lockMode))
  }

  get nobodyToAsk(): boolean {
    return this.#needs.accounts() === 0
  }

  /** @param before the item as it is @throws VigieError approval-pending, journal-unavailable */
  item(act: DangerousAct, args: ItemArgs, before: unknown, { by }: Edit): Promise<Waiting> {
    return this.#ask({
      ...{ act, subject: args.id, args, asker: by },
      ...(before !== undefined && { before: factsOf(before) }),
      ...(args.item !== undefined && { after: factsOf(args.item) }),
    })
  }

  /** @param pseudonym of that person @throws VigieError approval-pending, journal-unavailable */
  erasure(args: ErasureArgs, pseudonym: string, asker: string): Promise<Waiting> {
    const { person: subject, withdraw, statedReason } = args
    return this.#ask({
      ...{ act: 'person-erased', subject, person: pseudonym, args, asker, after: { withdraw } },
      ...(statedReason !== undefined && { statedReason }),
    })
  }

  async #ask({ act, subject, person, args, before, after, asker, statedReason }: Wish): Promise<Waiting> {
    const { write, newId, now, expiryOf } = this.#needs
    const at = now()
    const expiresAt = at + APPROVAL_MS
    const fresh = newId()
    const id = await write({
      at,
      approval: {
        ...{
          id: fresh,
          act,
          subject,
          args: JSON.stringify(args),
          asker,
          statedReason: statedReason ?? null,
          expiresAt,
        },
        ...{ before: before ? JSON.stringify(before) : null, after: after ? JSON.stringify(after) : null },
      },
      event: {
        ...{ kind: 'approval.asked', approval: fresh, act, asker, by: asker },
        ...(person === undefined ? { subject } : { person }),
        ...(before && { before }),
        ...(after && { after }),
        ...(statedReason !== undefined && { statedReason }),
      },
    })
    return { approval: { id, act, expiresAt: id === fresh ? expiresAt : (expiryOf(id) ?? expiresAt) } }
  }
}

const isPoint = (item: unknown): item is AccessPoint => typeof item === 'object' && item !== null

export function lockMode(point: AccessPoint): LockMode {
  const { id, device, point: at, lock } = point
  return { id, ...(lock ?? { device, point: at }), failureMode: effectiveFailureMode(point) }
}

/** What of an item decides whether to approve: its name, and how it fails. */
function factsOf(item: unknown): Facts {
  const { name, class: of } = item as { readonly name?: string; readonly class?: AccessPoint['class'] }
  return {
    ...(name !== undefined && { name }),
    ...(of !== undefined && { class: of, failureMode: effectiveFailureMode(item as AccessPoint) }),
  }
}
