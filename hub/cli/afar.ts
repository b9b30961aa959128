/** What is read in the data folder on the hub's own machine, as a hub on another machine tells of it: devices, and the journal. */
import { setTimeout as later } from 'node:timers/promises'
import type { DeviceDetail, DeviceList, DeviceState, EventPage, LiveEvent, SiteView } from '../api.ts'
import { isVigieError, VigieError } from '../errors.ts'
import { addressOf, type HubClient, PATIENCE_MS } from './hub-client.ts'
import { begin, failureAt } from './hub-transport.ts'
import { type Output, table, time } from './output.ts'

export async function listDevices(hub: HubClient, out: Output): Promise<void> {
  const site = await siteIdOf(hub)
  const { devices } = (await hub.call('get', '/api/v1/devices')) as DeviceList
  if (out.json) {
    out.line(JSON.stringify(devices.map(d => viewOf(d, site))))
    return
  }
  const head =
    out.language === 'fr'
      ? ['appareil', 'modèle', 'état', 'en ligne', 'certificat jusqu’au']
      : ['device', 'model', 'status', 'online', 'certificate until']
  const yes = out.language === 'fr' ? 'oui' : 'yes'
  const rows = devices.map(d => viewOf(d, site))
  out.line(table([head, ...rows.map(d => [d.id, d.model, d.status, d.online ? yes : '-', d.certificateUntil ?? '-'])]))
}

export async function showDevice(hub: HubClient, id: string, out: Output): Promise<void> {
  const site = await siteIdOf(hub)
  const device = (await hub.call('get', '/api/v1/devices/{id}', { path: { id } })) as DeviceDetail
  const view = viewOf(device, site)
  out.line(out.json ? JSON.stringify(view) : table(Object.entries(view).map(([key, value]) => [key, String(value)])))
}

const siteIdOf = async (hub: HubClient): Promise<string> =>
  ((await hub.call('get', '/api/v1/site')) as SiteView).site.id ?? ''

const viewOf = ({ id, model, name, status, online, certificateUntil }: DeviceState, site: string) => ({
  ...{ id, site, model, name, status, online },
  ...(certificateUntil !== undefined && { certificateUntil: new Date(certificateUntil).toISOString() }),
})

const PAGE = 200
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/** The newest lines, oldest first; then, with `follow`, each as it comes, across lost connections, none twice and none left out. */
export async function tail(hub: HubClient, count: number, follow: boolean, out: Output): Promise<void> {
  const lines = await newest(hub, count)
  for (const line of lines) print(line, out)
  if (follow) await followFrom(hub, lines.at(-1)?.seq, out)
}

async function newest(hub: HubClient, count: number): Promise<readonly LiveEvent[]> {
  const lines: LiveEvent[] = []
  for (let before: number | undefined; lines.length < count; ) {
    const query = {
      limit: String(Math.min(PAGE, count - lines.length)),
      ...(before !== undefined && { before: String(before) }),
    }
    const page = (await hub.call('get', '/api/v1/events', { query })) as EventPage
    lines.push(...page.events)
    if (page.next === undefined) break
    before = page.next
  }
  return lines.reverse()
}

async function followFrom(hub: HubClient, from: number | undefined, out: Output): Promise<void> {
  let place = from
  let waitMs = FIRST_WAIT_MS
  while (process.stdout.writable) {
    try {
      for await (const { id, data } of eventsAfter(hub, place)) {
        if (data) print(data, out)
        place = id ?? place
        waitMs = FIRST_WAIT_MS
        if (!process.stdout.writable) return
      }
    } catch (error) {
      if (!isVigieError(error) || !PASSING.has(error.code)) throw error
    }
    await later(waitMs)
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }
}
/** What a hub that restarts, or a network, gets over. */
const PASSING: ReadonlySet<string> = new Set(['hub-unreachable', 'hub-cut-off', 'hub-silent', 'too-many-requests'])
/** The hub gives a sign of life each 15 s. */
const QUIET_MS = 45_000

interface Told {
  /** Everything up to this seq has been told. */
  readonly id?: number
  readonly data?: LiveEvent
}

/** One connection's worth of the stream (WHATWG HTML, 9.2.6). */
async function* eventsAfter(hub: HubClient, place: number | undefined): AsyncGenerator<Told> {
  const ended = new AbortController()
  let quiet = setTimeout(() => ended.abort(), QUIET_MS)
  const target = addressOf('/api/v1/events/stream', {}, place === undefined ? {} : { after: place })
  const request = { method: 'GET', target, headers: hub.headers(), patienceMs: PATIENCE_MS.act }
  try {
    const answer = await begin(hub.place, request, ended.signal)
    if (answer.statusCode !== 200) {
      answer.destroy()
      await hub.text('get', target) // the same refusal, in words
      throw new VigieError('hub-answer', { hub: hub.place.name, cause: `HTTP ${answer.statusCode}` })
    }
    answer.setEncoding('utf8')
    let text = ''
    for await (const part of answer) {
      quiet = quiet.refresh()
      const blocks = (text + (part as string)).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) yield toldIn(block)
    }
  } catch (error) {
    throw failureAt(hub.place, error)
  } finally {
    clearTimeout(quiet)
    ended.abort()
  }
}

function toldIn(block: string): Told {
  const fields = new Map(block.split('\n').map(line => [line.split(':', 1)[0] ?? '', valueIn(line)]))
  const [id, data, event] = [fields.get('id'), fields.get('data'), fields.get('event')]
  return {
    ...(id !== undefined && /^\d+$/.test(id) && { id: Number(id) }),
    ...(data !== undefined && event !== 'ended' && { data: JSON.parse(data) as LiveEvent }),
  }
}
const valueIn = (line: string): string => line.slice(line.indexOf(':') + 1).replace(/^ /, '')

function print(line: LiveEvent, out: Output): void {
  const plain = `${String(line.seq).padStart(8)}  ${time(line.at)}  ${line.kind.padEnd(18)}  ${briefOf(line)}`
  out.line(out.json ? JSON.stringify(line) : plain.replace(/\p{Cc}/gu, '\uFFFD'))
}

const BRIEF = [
  'reason',
  'refusal',
  'device',
  'point',
  'accessPoint',
  'zone',
  'via',
  'plan',
  'by',
  'finding',
  'count',
] as const

function briefOf(line: LiveEvent): string {
  const people = { person: line.person?.name, witness: line.witness?.name }
  const fields: Readonly<Record<string, unknown>> = { ...Object.fromEntries(BRIEF.map(n => [n, line[n]])), ...people }
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${String(value)}`]))
    .join(' ')
}
