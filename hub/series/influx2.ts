/** InfluxDB 2.x: written in line protocol, read in Flux. */
import { readFileSync } from 'node:fs'
import {
  flux,
  fluxDateTime,
  fluxDuration,
  fluxExpression,
  HttpError,
  InfluxDB,
  Point as Line,
} from '@influxdata/influxdb-client'
import { VigieError } from '../errors.ts'
import type { Point } from '../rules/points.ts'
import { type CurveAsked, type CurvePoint, DAY_STEP } from '../rules/series.ts'
import { boundedAgent } from './bounded-agent.ts'
import { caIn, MOST_BYTES, nanoseconds, type OutsideStore, type StoreOptions, USUAL_TIMEOUT_MS } from './store.ts'
import { lostTo, secondsIn, troubleOf } from './troubles.ts'

export interface Influx2Options extends StoreOptions {
  readonly org: string
  readonly bucket: string
  /** File that holds the token. */
  readonly tokenFile: string
}
const NAME = 'influx2'

export class Influx2 implements OutsideStore {
  readonly name = NAME
  readonly #options: Influx2Options
  #agent: ReturnType<typeof boundedAgent> | undefined

  constructor(options: Influx2Options) {
    this.#options = options
  }

  async write(points: readonly Point[]): Promise<void> {
    const { org, bucket } = this.#options
    // Without `writeFailed` the library says what failed to the console, and to nobody else.
    let failure: unknown
    const api = this.#connected().getWriteApi(org, bucket, 'ns', {
      ...{ batchSize: points.length + 1, flushInterval: 0, maxRetries: 0, maxBufferLines: 0 },
      // Compressing would run beside the doors, in threads that do not give way to them.
      ...{ gzipThreshold: Number.MAX_SAFE_INTEGER, maxBatchBytes: Number.MAX_SAFE_INTEGER },
      writeFailed: async error => {
        failure = error
      },
    })
    api.writePoints(points.map(lineOf))
    await api.flush().catch((error: unknown) => {
      failure ??= error
    })
    api.dispose()
    if (failure === undefined) return
    this.close()
    throw translated(failure)
  }

  async curve(asked: CurveAsked, timeZone: string): Promise<readonly CurvePoint[]> {
    const { org, bucket } = this.#options
    try {
      const api = this.#connected().getQueryApi({ org, type: 'flux' })
      const rows = await api.collectRows<CurvePoint>(fluxOf(asked, bucket, timeZone).toString(), (values, table) => [
        Date.parse(String(table.get(values, '_time'))),
        Number(table.get(values, '_value')),
      ])
      if (!rows.every(pair => pair.every(Number.isFinite))) throw new Error('an answer of another shape')
      return rows
    } catch (error) {
      this.close()
      throw translated(error)
    }
  }

  get place(): string {
    const { url, org, bucket } = this.#options
    return `${NAME} ${url} ${org}/${bucket}`
  }

  /** After a failure everything is made anew: connection, token, authorities. */
  close(): void {
    this.#agent?.destroy()
    this.#agent = undefined
  }

  /** The token is read for each request: one that was changed counts from then on. */
  #connected(): InfluxDB {
    const { url, tokenFile, caFile, timeoutMs = USUAL_TIMEOUT_MS } = this.#options
    this.#agent ??= boundedAgent(new URL(url), { timeMs: timeoutMs, bytes: MOST_BYTES }, caIn(caFile))
    return new InfluxDB({
      url,
      token: tokenOf(tokenFile),
      timeout: timeoutMs,
      transportOptions: { agent: this.#agent },
    })
  }
}

function tokenOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new VigieError('store-refused', { store: NAME }, { cause: error })
  }
}

function lineOf(point: Point): Line {
  const line = new Line(point.measurement).timestamp(nanoseconds(point))
  for (const [tag, value] of Object.entries(point.tags)) line.tag(tag, value)
  for (const [field, value] of Object.entries(point.fields)) line.floatField(field, value)
  return line
}

function translated(error: unknown): VigieError {
  if (!(error instanceof HttpError)) return lostTo(NAME, error)
  const says = String((error.json as { message?: unknown } | undefined)?.message ?? error.body ?? '')
  const header = error.headers?.['retry-after']
  const retryAfter = secondsIn(Array.isArray(header) ? header[0] : header, Date.now())
  return troubleOf({ store: NAME, status: error.statusCode, says, retryAfter })
}

/** All series that are asked for are one table, so that a mean is that of all points. */
export function fluxOf(asked: CurveAsked, bucket: string, timeZone: string) {
  const { quantity, aggregate, zones, device, accessPoint, from, until, step } = asked
  const is = (tag: string, value: string) => flux`r[${tag}] == ${value}`
  const any = (tag: string, values: readonly string[]) =>
    fluxExpression(`(${values.map(value => is(tag, value).toString()).join(' or ') || 'false'})`)
  const where = [
    is('_measurement', quantity.measurement),
    is('_field', quantity.field),
    ...Object.entries(quantity.where).map(([tag, value]) => is(tag, value)),
    ...(device === undefined ? [] : [is('device', device)]),
    ...(accessPoint === undefined ? [] : [is('access_point', accessPoint)]),
    ...(zones === undefined ? [] : [any('zone', zones)]),
  ]
  const calendar =
    step.name === DAY_STEP.name
      ? flux`import "timezone"
option location = timezone.location(name: ${timeZone})
`
      : fluxExpression('')
  const time = (at: number) => fluxDateTime(new Date(at).toISOString())
  return flux`${calendar}from(bucket: ${bucket})
  |> range(start: ${time(from)}, stop: ${time(until)})
  |> filter(fn: (r) => ${fluxExpression(where.map(String).join(' and '))})
  |> group()
  |> sort(columns: ["_time"])
  |> aggregateWindow(every: ${fluxDuration(step.name)}, fn: ${fluxExpression(aggregate)}, createEmpty: false, timeSrc: "_start")
  |> keep(columns: ["_time", "_value"])`
}
