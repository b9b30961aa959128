/** How long one decision takes, in process, each one timed by itself (the clock's own cost included). Prints one JSON line. */
import { parseArgs } from 'node:util'
import { compile } from '#hub/access/compile.ts'
import { decide } from '#hub/access/decide.ts'
import { CALM } from '#hub/access/situations.ts'
import { makeSite, PEOPLE, readerName, uidOf } from './site.ts'
import { percentile } from './stats.ts'

const READERS = 100
const { values } = parseArgs({ options: { count: { type: 'string' } } })
const count = Number(values.count ?? 200_000)
const site = makeSite(READERS, 0)
const snapshot = compile(site, 1, {
  person: new Map(site.people.map((p, i) => [p.id, `person-${i}`])),
  badge: new Map(site.badges.map((b, i) => [b.uid, `badge-${i}`])),
})
const requests = Array.from({ length: 1_000 }, (_, i) => ({
  device: readerName(i % READERS),
  point: 'door',
  uid: uidOf((i * 7) % PEOPLE),
}))

function run(n: number): Float64Array {
  const times = new Float64Array(n)
  const at = Date.now()
  for (let i = 0; i < n; i++) {
    const request = { ...(requests[i % requests.length] as (typeof requests)[number]), at: at + i }
    const started = performance.now()
    const { granted } = decide(snapshot, CALM, request)
    times[i] = performance.now() - started
    if (!granted) throw new Error('the benchmark site denies its own people')
  }
  return times
}

run(Math.min(count, 20_000)) // compiled by then
const times = run(count)
const seconds = times.reduce((sum, ms) => sum + ms, 0) / 1000
process.stdout.write(
  `${JSON.stringify({ p50: percentile(times, 0.5), p99: percentile(times, 0.99), perSecond: count / seconds })}\n`,
)
