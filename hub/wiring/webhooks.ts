/** Outgoing webhooks, put together: who sets them up, what they are told, how they are tried by hand. */
import { randomBytes } from 'node:crypto'
import { CALM } from '../access/situations.ts'
import type { WebhookTried, WebhookView } from '../api.ts'
import { causeOf, VigieError } from '../errors.ts'
import type { EventKind } from '../events.ts'
import { type KnownWebhook, WebhookChanged } from '../flows/webhook-changed.ts'
import { JournalReads } from '../http/reads.ts'
import { webhookRoutes } from '../http/routes/webhooks.ts'
import type { WebhookAsker, WebhookDesk } from '../http/webhook-ports.ts'
import { QUIET_KINDS } from '../notify/model.ts'
import { Outbound } from '../notify/outbound.ts'
import { type Result, WebhookClient } from '../notify/webhook-client.ts'
import { newWebhookSecret } from '../notify/webhook-signature.ts'
import { events, lastSeq } from '../record/reading.ts'
import {
  deadCount,
  deadRow,
  deadRows,
  deliveriesOf,
  type WebhookRow,
  webhookRow,
  webhookRows,
} from '../record/webhooks.ts'
import { placesOf } from '../rules/tenant-scope.ts'
import type { DeliveryCause, PauseCause } from '../rules/webhooks.ts'
import { factsOf } from './acts.ts'
import type { LaterNeeds, Service } from './services.ts'
import type { LineFacts } from './tenant-lines.ts'
import { mayTell, webhookLines } from './webhook-lines.ts'
import { messageId, secretsOf, WebhookTelling } from './webhook-telling.ts'

export function webhooks(needs: LaterNeeds): Service {
  const { config, db, registry, names, record, log, now } = needs
  const outbound = new Outbound(config.webhookHosts)
  const client = new WebhookClient({ outbound, ca: config.webhookCa, now })
  const reads = new JournalReads(record, log)
  const facts = (): LineFacts => factsOf(registry(), CALM)
  const linesFor = webhookLines({ db, facts, names })
  const telling = new WebhookTelling({ ...needs, client, reads, linesFor })
  const desk = new Desk({ ...needs, client, outbound, reads, linesFor, telling, facts })
  return {
    plugins: [webhookRoutes(desk)],
    start: () => telling.start(),
    stop: async () => {
      await telling.stop()
      desk.stop()
      client.stop()
      await reads.stop()
    },
  }
}

interface DeskNeeds extends LaterNeeds {
  readonly client: WebhookClient
  readonly outbound: Outbound
  readonly reads: JournalReads
  readonly linesFor: ReturnType<typeof webhookLines>
  readonly telling: Pick<WebhookTelling, 'progressOf'>
  readonly facts: () => LineFacts
}
/** Tried by hand at once, of all webhooks. */
const MOST_TRIES = 4
const AGAIN_S = 10

class Desk implements WebhookDesk {
  readonly #needs: DeskNeeds
  readonly #flow: WebhookChanged
  /** Webhooks that are being tried by hand. */
  readonly #trying = new Set<string>()
  readonly #stop = new AbortController()

  constructor(needs: DeskNeeds) {
    this.#needs = needs
    this.#flow = flowOf(needs)
  }

  stop(): void {
    this.#stop.abort()
  }

  list({ tenant }: WebhookAsker) {
    const { db, outbound } = this.#needs
    const own = webhookRows(db).filter(row => tenant === undefined || row.tenant === tenant.tenant)
    return {
      webhooks: own.map(row => this.#viewOf(row)),
      open: outbound.isOpen,
      ...(tenant === undefined && { hosts: outbound.listed }),
    }
  }

  view(id: string, who: WebhookAsker): WebhookView {
    return this.#viewOf(this.#need(id, who))
  }

  async create(...[wish, who]: Parameters<WebhookDesk['create']>) {
    const { id, secret } = await this.#flow.create(wish, who)
    return { secret, webhook: this.view(id, who) }
  }

  async change(...[id, change, expected, who]: Parameters<WebhookDesk['change']>): Promise<WebhookView> {
    await this.#flow.change(id, change, expected, who)
    return this.view(id, who)
  }

  remove(id: string, who: WebhookAsker): Promise<void> {
    return this.#flow.remove(id, who)
  }

  async newSecret(id: string, who: WebhookAsker) {
    const secret = await this.#flow.newSecret(id, who)
    return { secret, webhook: this.view(id, who) }
  }

  async test(id: string, who: WebhookAsker): Promise<WebhookTried> {
    const hook = this.#need(id, who)
    const at = this.#needs.now()
    const body = JSON.stringify({ kind: 'webhook.test', at, webhook: id })
    return this.#try(hook, `msg_${id}_test_${randomBytes(8).toString('hex')}`, body)
  }

  deliveries(id: string, who: WebhookAsker) {
    this.#need(id, who)
    return {
      deliveries: deliveriesOf(this.#needs.db, id).map(({ status, cause, outcome, ...line }) => ({
        ...line,
        outcome: outcome as 'delivered' | 'failed' | 'dead',
        ...answered(status, cause),
      })),
    }
  }

  dead(...[id, { before = Number.MAX_SAFE_INTEGER, limit }, who]: Parameters<WebhookDesk['dead']>) {
    this.#need(id, who)
    const found = deadRows(this.#needs.db, id, before, limit + 1)
    const shown = found.slice(0, limit)
    const last = shown.at(-1)
    return {
      dead: shown.map(({ status, cause, ...row }) => ({ ...row, ...answered(status, cause) })),
      ...(found.length > limit && last && { next: last.seq }),
    }
  }

  async redeliver(id: string, seq: number, who: WebhookAsker): Promise<WebhookTried> {
    const { db, op, now, linesFor, reads } = this.#needs
    const hook = this.#need(id, who)
    const dead = deadRow(db, id, seq)
    if (!dead) throw new VigieError('webhook-dead-unknown', { row: seq })
    const [row] = events(db, { after: seq - 1, before: seq + 1, limit: 1 })
    const line = row && linesFor(hook)(row)
    if (!line) throw new VigieError('webhook-row-gone', { row: seq })
    this.#needFree(id)
    this.#needMayTell(hook)
    if (!(await op('redeliverWebhook', { at: now(), id, by: who.by, row: seq })))
      throw new VigieError('webhook-dead-unknown', { row: seq })
    await reads.note(`webhook:${id}`, 1)
    const tried = await this.#try(hook, messageId(id, seq), JSON.stringify(line))
    const outcome = tried.delivered ? 'delivered' : 'failed'
    const delivery = { seq, at: now(), attempt: dead.attempts + 1, outcome, ms: tried.ms }
    await op('webhookRetried', {
      id,
      delivery: { ...delivery, status: tried.status ?? null, cause: tried.cause ?? null },
    })
    return tried
  }

  /** One at a time for each, and few of all: whoever tries by hand holds no socket that rows need. */
  async #try(hook: WebhookRow, id: string, body: string): Promise<WebhookTried> {
    const { client, now } = this.#needs
    this.#needFree(hook.id)
    this.#needMayTell(hook)
    this.#trying.add(hook.id)
    try {
      const sent = await client.send({ url: hook.url, id, body, secrets: secretsOf(hook, now()) }, this.#stop.signal)
      return sent ? triedOf(sent) : { delivered: false, cause: 'broken', ms: 0 }
    } finally {
      this.#trying.delete(hook.id)
    }
  }

  #needFree(id: string): void {
    if (this.#trying.has(id) || this.#trying.size >= MOST_TRIES)
      throw new VigieError('too-many-requests', { seconds: AGAIN_S })
  }

  #needMayTell(hook: WebhookRow): void {
    if (hook.tenant !== null && !mayTell(hook, this.#needs.now()))
      throw new VigieError('webhook-ended', { webhook: hook.id })
  }

  #need(id: string, who: WebhookAsker): WebhookRow {
    this.#flow.need(id, who)
    const row = webhookRow(this.#needs.db, id)
    if (!row) throw new VigieError('webhook-unknown', { webhook: id })
    return row
  }

  #viewOf(row: WebhookRow): WebhookView {
    const { db, names, telling, now } = this.#needs
    const { seq, deliveredAt, failingSince, nextAt } = telling.progressOf(row.id) ?? row
    const { operator, guarded: _, ...known } = knownOf(row)
    const by = operator === undefined ? undefined : names.person(operator)?.name
    const { pausedBecause, pausedAt, oldSecretUntil } = row
    return {
      ...known,
      createdAt: row.createdAt,
      ...(by !== undefined && { by }),
      behind: row.status === 'active' ? Math.max(0, lastSeq(db) - seq) : Math.max(0, lastSeq(db) - row.seq),
      dead: deadCount(db, row.id),
      ...(pausedBecause !== null && { pausedBecause: pausedBecause as PauseCause }),
      ...(pausedAt !== null && { pausedAt }),
      ...(deliveredAt !== null && { deliveredAt }),
      ...(failingSince !== null && { failingSince }),
      ...(nextAt !== null && row.status === 'active' && { nextAttemptAt: nextAt }),
      ...(oldSecretUntil !== null && oldSecretUntil > now() && { oldSecretUntil }),
    }
  }
}

function flowOf({ db, op, outbound, facts, now }: DeskNeeds): WebhookChanged {
  return new WebhookChanged({
    isOpen: () => outbound.isOpen,
    checkHost: async host => {
      try {
        await outbound.check(host)
      } catch (error) {
        throw new VigieError('webhook-host', { host: host.slice(0, 100), field: 'url', cause: causeOf(error) })
      }
    },
    find: id => {
      const row = webhookRow(db, id)
      return row && knownOf(row)
    },
    zonesOf: tenant =>
      tenant ? placesOf(tenant.scope, facts().site).zones : new Set(facts().site.zones.map(zone => zone.id)),
    mayHave: tenant => {
      const row = webhookRows(db).find(one => one.tenant === tenant)
      return row !== undefined && mayTell(row, now())
    },
    isTold: kind => !QUIET_KINDS.includes(kind),
    newId: () => `w-${randomBytes(8).toString('hex')}`,
    newSecret: newWebhookSecret,
    add: a => op('createWebhook', a),
    put: a => op('changeWebhook', a),
    drop: a => op('removeWebhook', a),
    putSecret: a => op('newWebhookSecret', a),
    now,
  })
}

const knownOf = ({ id, name, url, tenant, operator, guarded, status, revision, ...row }: WebhookRow): KnownWebhook => ({
  ...{ id, name, url, revision },
  kinds: JSON.parse(row.kinds) as EventKind[],
  ...(row.zones !== null && { zones: JSON.parse(row.zones) as string[] }),
  ...(tenant !== null && { tenant }),
  ...(operator !== null && { operator }),
  guarded: guarded === 1,
  status: status === 'active' ? 'active' : 'paused',
})

const answered = (status: number | null, cause: string | null) => ({
  ...(status !== null && { status }),
  ...(cause !== null && { cause: cause as DeliveryCause }),
})
const triedOf = ({ delivered, status, cause, ms }: Result): WebhookTried => ({
  delivered,
  ...(status !== undefined && { status }),
  ...(cause !== undefined && { cause }),
  ms: Math.round(ms),
})
