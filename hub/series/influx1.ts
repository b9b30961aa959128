/** InfluxDB 1.x, and 3 by the interface it keeps for clients of 1.x (any user name, a token as the password). */
import { readFileSync } from 'node:fs'
import { escape as escaped, InfluxDB } from 'influx'
import { VigieError } from '../errors.ts'
import type { Point } from '../rules/points.ts'
import { type CurveAsked, type CurvePoint, DAY_STEP } from '../rules/series.ts'
import { boundedAgent } from './bounded-agent.ts'
import { caIn, MOST_BYTES, nanoseconds, type OutsideStore, type StoreOptions, USUAL_TIMEOUT_MS } from './store.ts'
import { lostTo, secondsIn, troubleOf } from './troubles.ts'

export interface Influx1Options extends StoreOptions {
  readonly database: string
  readonly username: string
  /** File that holds the password, or the token. Empty: none. */
  readonly passwordFile: string
}
const NAME = 'influx1'
/** The library would retry by itself, and bar the server for a while: both are the hub's to decide. */
const NEVER = { reset: () => NEVER, getDelay: () => 0, next: () => NEVER }

export class Influx1 implements OutsideStore {
  readonly name = NAME
  readonly #options: Influx1Options
  #client: InfluxDB | undefined
  #agent: ReturnType<typeof boundedAgent> | undefined

  constructor(options: Influx1Options) {
    this.#options = options
  }

  write(points: readonly Point[]): Promise<void> {
    return this.#asked(client =>
      client.writePoints(
        points.map(point => ({
          measurement: point.measurement,
          tags: point.tags as Record<string, string>,
          fields: point.fields,
          timestamp: nanoseconds(point),
        })),
        { precision: 'n' },
      ),
    )
  }

  async curve(asked: CurveAsked, timeZone: string): Promise<readonly CurvePoint[]> {
    const answer = await this.#asked(client => client.queryRaw(influxQl(asked, timeZone), { precision: 'ms' }))
    return valuesIn(answer)
  }

  get place(): string {
    return `${NAME} ${this.#options.url} ${this.#options.database}`
  }

  /** After a failure everything is made anew: connection, password, authorities. */
  close(): void {
    this.#agent?.destroy()
    this.#agent = undefined
    this.#client = undefined
  }

  /** Read anew for each client: a password that was changed counts from the next try on. */
  #connected(): InfluxDB {
    const { url: address, database, username, passwordFile, caFile, timeoutMs = USUAL_TIMEOUT_MS } = this.#options
    const url = new URL(address)
    const secure = url.protocol === 'https:'
    this.#agent = boundedAgent(url, { timeMs: timeoutMs, bytes: MOST_BYTES }, caIn(caFile))
    return new InfluxDB({
      database,
      ...(username !== '' && { username }),
      ...(passwordFile !== '' && {
        username: username || 'vigie',
        password: readFileSync(passwordFile, 'utf8').trim(),
      }),
      hosts: [
        {
          host: url.hostname.replace(/^\[|\]$/g, ''),
          port: Number(url.port || (secure ? 443 : 80)),
          protocol: secure ? 'https' : 'http',
          path: url.pathname === '/' ? '' : url.pathname,
          options: { agent: this.#agent },
        },
      ],
      pool: { maxRetries: 0, requestTimeout: timeoutMs, backoff: NEVER },
    })
  }

  async #asked<T>(work: (client: InfluxDB) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    // An answer that breaks off in the middle is told to nobody by the library: the agent ends it, and this the waiting.
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error('no answer in time')),
        (this.#options.timeoutMs ?? USUAL_TIMEOUT_MS) + 200,
      )
    })
    try {
      this.#client ??= this.#connected()
      return await Promise.race([work(this.#client), tooLate])
    } catch (error) {
      this.close()
      throw translated(error)
    } finally {
      clearTimeout(timer)
    }
  }
}

function translated(error: unknown): VigieError {
  const { res } = error as { res?: { statusCode?: number; headers?: Record<string, string | undefined> } }
  if (res?.statusCode === undefined) return lostTo(NAME, error)
  const body = (error as Error).message.replace(/^A \d{3} .*? error occurred: /s, '')
  const retryAfter = secondsIn(res.headers?.['retry-after'], Date.now())
  return troubleOf({ store: NAME, status: res.statusCode, says: saidIn(body), retryAfter })
}
/** `{"error": "…"}`, or whatever a proxy in between says. */
function saidIn(body: string): string {
  try {
    return String((JSON.parse(body) as { error?: unknown }).error ?? body)
  } catch {
    return body
  }
}

const FUNCTIONS = { mean: 'mean', min: 'min', max: 'max', sum: 'sum', count: 'count', last: 'last' } as const

/** One statement: a value for each step that has any. Days are those of the site's calendar. */
export function influxQl(asked: CurveAsked, timeZone: string): string {
  const { quantity, aggregate, zones, device, accessPoint, from, until, step } = asked
  const is = (tag: string, value: string): string => `${escaped.quoted(tag)} = ${escaped.stringLit(value)}`
  const where = [
    `time >= ${from}ms`,
    `time < ${until}ms`,
    ...Object.entries(quantity.where).map(([tag, value]) => is(tag, value)),
    ...(device === undefined ? [] : [is('device', device)]),
    ...(accessPoint === undefined ? [] : [is('access_point', accessPoint)]),
    ...(zones === undefined ? [] : [`(${zones.map(zone => is('zone', zone)).join(' or ') || is('zone', '-')})`]),
  ]
  const days = step.name === DAY_STEP.name ? ` tz(${escaped.stringLit(timeZone)})` : ''
  return `select ${FUNCTIONS[aggregate]}(${escaped.quoted(quantity.field)}) from ${escaped.quoted(quantity.measurement)}
    where ${where.join(' and ')} group by time(${step.name}) fill(none)${days}`
}

interface RawAnswer {
  readonly results?: readonly { readonly error?: string; readonly series?: readonly { readonly values?: unknown }[] }[]
}
/** @throws VigieError store-missing, store-unreachable for an answer of another shape */
function valuesIn(answer: RawAnswer): CurvePoint[] {
  const [result] = answer.results ?? []
  if (result?.error !== undefined)
    throw new VigieError('store-missing', { store: NAME, reason: result.error.slice(0, 300) })
  const values = result?.series?.[0]?.values ?? []
  const points = Array.isArray(values) && values.every(isPair) ? values : undefined
  if (!result || !points)
    throw new VigieError('store-unreachable', { store: NAME, cause: 'an answer of another shape' })
  return points.map(([at, value]) => [at, value])
}
const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(n => typeof n === 'number' && Number.isFinite(n))
