/** How requests arrive: as fast as they are answered, or a Poisson stream that waits for nobody. */
import { HttpClient, type Target } from './http-client.ts'
import { percentile, seeded } from './stats.ts'

export interface FloodResult {
  readonly answered: number
  readonly perSecond: number
  /** Share of a core that the generator used. */
  readonly generatorCpu: number
}
export interface RequestsResult {
  readonly sent: number
  readonly answered: number
  /** Milliseconds from when a request was due. */
  readonly p50: number
  readonly p99: number
}

async function open(target: Target, connections: number): Promise<HttpClient[]> {
  const clients = Array.from({ length: connections }, () => new HttpClient(target))
  await Promise.all(clients.map(client => client.open(target.port)))
  return clients
}

/** Closed loop: each connection asks again when it has its answer. @throws Error if one is refused */
export async function flood(target: Target, connections: number, seconds: number): Promise<FloodResult> {
  const clients = await open(target, connections)
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  const end = started + seconds * 1_000
  let answered = 0
  await Promise.all(
    clients.map(async client => {
      while (performance.now() < end) {
        await client.ask()
        answered += 1
      }
    }),
  )
  const elapsed = (performance.now() - started) / 1_000
  const cpu = process.cpuUsage(cpuBefore)
  for (const client of clients) client.close()
  return { answered, perSecond: answered / elapsed, generatorCpu: (cpu.user + cpu.system) / 1e6 / elapsed }
}

export interface Requests {
  readonly rate: number
  readonly seconds: number
  readonly seed: number
  readonly connections: number
}

/** Open loop: a request that is due while all connections are busy waits, and its time counts from when it was due. */
export async function requests(
  target: Target,
  { rate, seconds, seed, connections }: Requests,
): Promise<RequestsResult> {
  const clients = await open(target, connections)
  const idle = [...clients]
  const due: number[] = []
  const latencies: number[] = []
  const running = new Set<Promise<void>>()
  const serve = async (client: HttpClient): Promise<void> => {
    for (let at = due.shift(); at !== undefined; at = due.shift()) {
      await client.ask()
      latencies.push(performance.now() - at)
    }
    idle.push(client)
  }
  const sent = await arrivals({ rate, seconds, seed }, at => {
    due.push(at)
    const client = idle.pop()
    if (!client) return
    const served: Promise<void> = serve(client).finally(() => running.delete(served))
    running.add(served)
  })
  await Promise.all(running)
  for (const client of clients) client.close()
  return { sent, answered: latencies.length, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) }
}

/** @returns how many there were */
function arrivals(
  { rate, seconds, seed }: Omit<Requests, 'connections'>,
  arrive: (at: number) => void,
): Promise<number> {
  const random = seeded(seed)
  const gap = (): number => (-Math.log(1 - random()) * 1_000) / rate
  const started = performance.now()
  const end = started + seconds * 1_000
  let due = started + gap()
  let sent = 0
  return new Promise(resolve => {
    const turn = (): void => {
      for (const now = performance.now(); due <= now && due < end; due += gap()) {
        arrive(due)
        sent += 1
      }
      if (due >= end) resolve(sent)
      else setImmediate(turn)
    }
    turn()
  })
}
