/** The load generator as a process of its own: takes orders from the benchmark over IPC, one at a time. */
import { Fleet } from './fleet.ts'
import type { Target } from './http-client.ts'
import { flood, requests } from './http-load.ts'
import { poisson, quiet, type Stream, telemetry } from './patterns.ts'
import { type Storm, storming } from './storm.ts'

/** One fleet for each server under test. */
const fleets = new Map<string, Fleet>()

function fleetOf(side: string): Fleet {
  const fleet = fleets.get(side)
  if (!fleet) throw new Error(`no devices for ${side}`)
  return fleet
}

const ORDERS = {
  connect: ({
    side,
    folder,
    port,
    names,
  }: {
    side: string
    folder: string
    port: number
    names: readonly string[]
  }) => {
    const fleet = fleets.get(side) ?? new Fleet(folder)
    fleets.set(side, fleet)
    return fleet.connect(port, names)
  },
  settleIn: ({ side }: { side: string }) => fleetOf(side).settleIn(),
  disconnect: ({ side }: { side: string }) => fleetOf(side).disconnect(),
  quiet: ({ side, count, gapMs }: { side: string; count: number; gapMs: number }) => quiet(fleetOf(side), count, gapMs),
  poisson: ({ side, ...stream }: { side: string } & Stream) => poisson(fleetOf(side), stream),
  telemetry: ({ side, seconds, window }: { side: string; seconds: number; window: number }) =>
    telemetry(fleetOf(side), seconds, window),
  /** Sensors and badges at their rates, at the same time; alarms among them. */
  storm: ({ sensors, badges, ...storm }: { sensors: string; badges: string } & Storm) =>
    storming(fleetOf(sensors), fleetOf(badges), storm),
  flood: ({ target, connections, seconds }: { target: Target; connections: number; seconds: number }) =>
    flood(target, connections, seconds),
  /** Badges and requests at the same rate, at the same time. */
  beside: async ({
    side,
    target,
    connections,
    ...stream
  }: { side: string; target: Target; connections: number } & Stream) => {
    const [badges, asked] = await Promise.all([
      poisson(fleetOf(side), stream),
      requests(target, { ...stream, seed: stream.seed + 1_000, connections }),
    ])
    return { badges, requests: asked }
  },
}
export type Orders = typeof ORDERS
export interface Order {
  readonly name: keyof Orders
  readonly args: never
}
export type Answer = { readonly result: unknown } | { readonly error: string }

process.on('message', ({ name, args }: Order) => {
  const perform = ORDERS[name] as (args: never) => Promise<unknown>
  Promise.resolve()
    .then(() => perform(args))
    .then(
      result => process.send?.({ result: result ?? null } satisfies Answer),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? error.message : String(error) } satisfies Answer),
    )
})
process.on('disconnect', () => process.exit(0))
