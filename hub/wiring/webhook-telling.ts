/** Webhooks at work: each has its own place in the journal and its own socket; together they leave the thread to the doors. */
import { setTimeout as later } from 'node:timers/promises'
import { causeOf } from '../errors.ts'
import type { Recorded } from '../events.ts'
import { RowsTold, type Sent, type ToldRow } from '../flows/rows-told.ts'
import type { JournalReads } from '../http/reads.ts'
import { QUIET_KINDS } from '../notify/model.ts'
import type { WebhookClient } from '../notify/webhook-client.ts'
import { turn } from '../record/paging.ts'
import { events, lastSeq } from '../record/reading.ts'
import { deadCount, type WebhookRow, webhookNow, webhookRows } from '../record/webhooks.ts'
import type { LaterNeeds } from './services.ts'
import { mayTell, type webhookLines } from './webhook-lines.ts'

/** How soon a row that came is looked at; and how soon what was paused, removed or cut off hears nothing more. Milliseconds. */
const LOOK_MS = 50
const REVIEW_MS = 250
/** Rows looked at in one stretch: about a millisecond. */
const SLICE = 200
/** Between two deliveries of all webhooks together: some 300 a second. Whoever is told more slowly has the journal for a queue. */
const PACE_MS = 3

export interface TellingNeeds extends Pick<LaterNeeds, 'config' | 'db' | 'op' | 'observe' | 'log' | 'now'> {
  readonly client: WebhookClient
  readonly linesFor: ReturnType<typeof webhookLines>
  readonly reads: Pick<JournalReads, 'note'>
}
interface Engine {
  readonly flow: RowsTold
  readonly stop: AbortController
  /** Of the webhook, as it began. */
  readonly revision: number
}

export class WebhookTelling {
  readonly #needs: TellingNeeds
  readonly #engines = new Map<string, Engine>()
  /** Those that are being stopped: a new one of the same webhook waits until how far it came is written down. */
  readonly #ending = new Map<string, Promise<void>>()
  #slice: { readonly after: number; readonly upTo: number; readonly rows: readonly Recorded[] } | undefined
  #timer: NodeJS.Timeout | undefined
  #news = false
  #reviewedAt = Number.NEGATIVE_INFINITY
  /** Of the next delivery. */
  #free = 0

  constructor(needs: TellingNeeds) {
    this.#needs = needs
  }

  /** Timers begin here and nowhere else: nothing that is told is done in the name of whoever caused it. */
  start(): void {
    this.#needs.observe('webhooks', () => {
      this.#news = true
    })
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    for (const id of [...this.#engines.keys()]) this.#end(id)
    await Promise.all(this.#ending.values())
  }

  /** How far it has come, newer than what is written down; undefined where it is not at work. */
  progressOf(id: string): RowsTold['progress'] | undefined {
    return this.#engines.get(id)?.flow.progress
  }

  #look(): void {
    const isReview = performance.now() - this.#reviewedAt >= REVIEW_MS
    if (isReview) this.#review()
    else if (this.#news) for (const { flow } of this.#engines.values()) flow.wake()
    this.#news = false
  }

  #review(): void {
    this.#reviewedAt = performance.now()
    try {
      this.#reconcile(webhookRows(this.#needs.db))
    } catch (error) {
      this.#needs.log.error({ cause: causeOf(error) }, 'webhooks could not be looked at')
    }
    for (const { flow } of this.#engines.values()) flow.tick()
  }

  #reconcile(rows: readonly WebhookRow[]): void {
    const now = this.#needs.now()
    const telling = new Map(rows.filter(row => row.status === 'active').map(row => [row.id, row]))
    for (const [id, row] of telling) {
      if (mayTell(row, now)) continue
      telling.delete(id)
      this.#pauseOwnerless(row)
    }
    // One that was changed begins anew with what it is now.
    for (const [id, { revision }] of [...this.#engines]) if (telling.get(id)?.revision !== revision) this.#end(id)
    for (const [id, row] of telling) if (!this.#engines.has(id) && !this.#ending.has(id)) this.#begin(row)
  }

  #pauseOwnerless({ id, tenant }: WebhookRow): void {
    const { op, now } = this.#needs
    const told = { at: now(), id, code: 'owner', cause: 'owner', ...(tenant !== null && { tenant }) }
    Promise.resolve(op('pauseWebhook', told)).catch((error: unknown) => this.#failed(id, error))
  }

  #begin(row: WebhookRow): void {
    const { config, db, op, now } = this.#needs
    const { id, tenant, revision } = row
    const stop = new AbortController()
    const about = { id, ...(tenant !== null && { tenant }) }
    const flow = new RowsTold(
      {
        newest: () => lastSeq(db),
        read: seq => this.#read(id, seq),
        admit: told => this.#admit(id, told),
        send: told => this.#send(id, told, stop.signal),
        keep: async (progress, deliveries) => void (await op('webhookServed', { id, revision, progress, deliveries })),
        setAside: async (given, progress, deliveries) =>
          void (await op('webhookDead', { ...about, ...given, at: now(), revision, progress, deliveries })),
        pause: async (code, cause) => void (await op('pauseWebhook', { ...about, at: now(), code, cause })),
        dead: () => deadCount(db, id),
        now,
        random: Math.random,
        onFailure: error => this.#failed(id, error),
        giveUpMs: config.webhookGiveUpSeconds * 1_000,
      },
      row,
    )
    this.#engines.set(id, { flow, stop, revision })
  }

  #end(id: string): void {
    const engine = this.#engines.get(id)
    if (!engine) return
    this.#engines.delete(id)
    engine.stop.abort()
    const ended = engine.flow
      .stop()
      .catch((error: unknown) => this.#failed(id, error))
      .finally(() => this.#ending.delete(id))
    this.#ending.set(id, ended)
  }

  #failed(id: string, error: unknown): void {
    this.#needs.log.warn({ webhook: id, cause: causeOf(error) }, 'a webhook could not be told on; it will be')
  }

  /** As it stands now, whoever changed it a moment ago. */
  #standing(id: string): WebhookRow | undefined {
    const row = webhookNow(this.#needs.db, id)
    return row?.status === 'active' && mayTell(row, this.#needs.now()) ? row : undefined
  }

  async #read(id: string, after: number): Promise<{ readonly rows: readonly ToldRow[]; readonly upTo: number }> {
    await turn()
    const hook = this.#standing(id)
    if (!hook) return { rows: [], upTo: after }
    const upTo = Math.min(after + SLICE, lastSeq(this.#needs.db))
    const lineFor = this.#needs.linesFor(hook)
    const rows = this.#rowsOf(after, upTo).flatMap(row => {
      const line = lineFor(row)
      return line ? [{ seq: row.seq, kind: row.event.kind, body: JSON.stringify(line) }] : []
    })
    return { rows, upTo }
  }

  /** Those that stand at the same place share it. */
  #rowsOf(after: number, upTo: number): readonly Recorded[] {
    if (this.#slice?.after !== after || this.#slice.upTo !== upTo) {
      const rows = events(this.#needs.db, { after, before: upTo + 1, limit: SLICE, except: QUIET_KINDS })
      this.#slice = { after, upTo, rows }
    }
    return this.#slice.rows
  }

  /** That the journal is read is no news to count: else telling of it would keep itself in rows for ever. */
  async #admit(id: string, { kind }: ToldRow): Promise<void> {
    if (kind !== 'journal.read') await this.#needs.reads.note(`webhook:${id}`, 1)
  }

  async #send(id: string, { seq, body }: ToldRow, stop: AbortSignal): Promise<Sent | undefined> {
    await this.#pace()
    const hook = this.#standing(id)
    if (!hook || stop.aborted) return undefined
    const { url } = hook
    return this.#needs.client.send(
      { url, id: messageId(id, seq), body, secrets: secretsOf(hook, this.#needs.now()) },
      stop,
    )
  }

  async #pace(): Promise<void> {
    const now = performance.now()
    const at = Math.max(now, this.#free)
    this.#free = at + PACE_MS
    if (at > now) await later(at - now)
  }
}

/** The same for every attempt of the same row to the same webhook. */
export const messageId = (id: string, seq: number): string => `msg_${id}_${seq}`

/** The newest first; the one before it for as long as it counts. */
export const secretsOf = (
  { secret, oldSecret, oldSecretUntil }: Pick<WebhookRow, 'secret' | 'oldSecret' | 'oldSecretUntil'>,
  now: number,
): readonly string[] => [secret, ...(oldSecret !== null && (oldSecretUntil ?? 0) > now ? [oldSecret] : [])]
