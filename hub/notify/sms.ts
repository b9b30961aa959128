/**
 * Text messages. Over HTTPS by a gateway that speaks like Twilio's (POST and GET of Messages.json, basic authentication),
 * which says later what became of each; or through a modem at this machine by `gammu`, for sites without internet, which
 * says only that the network took it. Texts, numbers and answers stand in no log: they may be somebody's.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type BoundedFetch, boundedFetch } from '../bounded-fetch.ts'
import type { Outcome } from '../ports.ts'

export interface Sms {
  /** E.164, with its plus sign. */
  readonly to: string
  /** At most 1,600 characters; what people are sent is within 160. */
  readonly text: string
}
export interface SmsSender {
  /** Never rejects. */
  send(sms: Sms): Promise<Outcome>
  /** What became of what was handed over. */
  ask?(ref: string): Promise<Outcome>
  /** Whether the gateway has this one; undefined: it has not, or can't say. */
  find?(sms: Sms): Promise<Outcome | undefined>
}

const TIMEOUT_MS = 15_000
const NOTHING_YET: ReadonlySet<string> = new Set(['queued', 'accepted', 'scheduled', 'sending', 'sent'])
const GONE_WRONG: ReadonlySet<string> = new Set(['undelivered', 'failed', 'canceled'])

export interface GatewaySettings {
  /** `https://account:token@host/2010-04-01/Accounts/account`: what comes before /Messages.json. */
  readonly url: string
  readonly from: string
  /** PEM file of authorities; empty: the system's. */
  readonly ca: string
}

export class SmsGateway implements SmsSender {
  readonly #base: string
  readonly #from: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #fetch: BoundedFetch

  constructor({ url, from, ca }: GatewaySettings, timeoutMs = TIMEOUT_MS) {
    const at = new URL(url)
    const account = `${decodeURIComponent(at.username)}:${decodeURIComponent(at.password)}`
    this.#base = `${at.origin}${at.pathname.replace(/\/$/, '')}`
    this.#from = from
    this.#headers = { authorization: `Basic ${Buffer.from(account).toString('base64')}`, accept: 'application/json' }
    this.#fetch = boundedFetch({ timeoutMs, ...(ca !== '' && { ca: readFileSync(ca, 'utf8') }) })
  }

  async send({ to, text }: Sms): Promise<Outcome> {
    const body = new URLSearchParams({ To: to, From: this.#from, Body: text }).toString()
    const answer = await this.#asked('POST', '/Messages.json', body)
    if (answer instanceof Response) return outcomeOf(answer.status)
    return typeof answer.sid === 'string' ? { is: 'handed-over', ref: answer.sid } : LOST
  }

  async ask(ref: string): Promise<Outcome> {
    const answer = await this.#asked('GET', `/Messages/${encodeURIComponent(ref)}.json`)
    return answer instanceof Response ? { is: 'unknown' } : stateOf(answer)
  }

  async find({ to, text }: Sms): Promise<Outcome | undefined> {
    const query = new URLSearchParams({ To: to, PageSize: '50' })
    const answer = await this.#asked('GET', `/Messages.json?${query}`)
    if (answer instanceof Response || !Array.isArray(answer.messages)) return undefined
    const one = (answer.messages as Record<string, unknown>[]).find(m => m.body === text && typeof m.sid === 'string')
    return one && { is: 'handed-over', ref: String(one.sid) }
  }

  /** @returns what it said, as an object; or its refusal; a gateway that can't be reached answers 502 here */
  async #asked(method: string, path: string, body?: string): Promise<Record<string, unknown> | Response> {
    try {
      const form = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
      const headers = { ...this.#headers, ...form }
      const answer = await this.#fetch(`${this.#base}${path}`, { method, headers, ...(body !== undefined && { body }) })
      if (!answer.ok) return answer
      const said: unknown = await answer.json()
      return typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {}
    } catch {
      // Whatever it was, the gateway is not there for now; which of many reasons is for its own log.
      return new Response(null, { status: 502 })
    }
  }
}
/** It said yes, and not what it will be called: nobody can ever ask after it. */
const LOST: Outcome = { is: 'refused', cause: 'unconfirmed' }

function outcomeOf(status: number): Outcome {
  if (status === 429 || status >= 500) return { is: 'passing', cause: status === 502 ? 'unreachable' : 'server-error' }
  return { is: 'refused', cause: 'refused' }
}
function stateOf({ status }: Record<string, unknown>): Outcome {
  if (status === 'delivered' || status === 'read') return { is: 'delivered' }
  if (GONE_WRONG.has(String(status))) return { is: 'refused', cause: 'refused' }
  return NOTHING_YET.has(String(status)) ? { is: 'unknown' } : { is: 'refused', cause: 'unconfirmed' }
}

/** A modem sends for at most so long; texts of two parts take a while. */
const MODEM_MS = 60_000
/** No phone takes a command line for a number. */
const NUMBER = /^\+[1-9]\d{5,14}$/

export class SmsModem implements SmsSender {
  readonly #config: string
  readonly #gammu: string
  /** One text at a time: it is one modem. */
  #last: Promise<unknown> = Promise.resolve()

  /** @param config file of gammu: which modem, on which port */
  constructor(config: string, gammu = 'gammu') {
    this.#config = config
    this.#gammu = gammu
  }

  send({ to, text }: Sms): Promise<Outcome> {
    if (!NUMBER.test(to)) return Promise.resolve({ is: 'refused', cause: 'refused' })
    const sent = this.#last.then(() => this.#run(['sendsms', 'TEXT', to, '-textutf8', text]))
    this.#last = sent
    return sent
  }

  #run(args: readonly string[]): Promise<Outcome> {
    return new Promise(resolve => {
      const options = { timeout: MODEM_MS, killSignal: 'SIGKILL' as const }
      const child = execFile(this.#gammu, ['-c', this.#config, ...args], options, error =>
        resolve(error ? { is: 'passing', cause: 'unreachable' } : { is: 'delivered' }),
      )
      child.stdin?.end()
    })
  }
}
