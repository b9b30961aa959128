/** Trouble on request: what radio, clocks, power and people with the wrong certificate do to a device. */
import { between, type Random } from './random.ts'

/** Kinds of fault, what their amount means, its default and range. */
export const FAULTS = {
  drop: { unit: 'share of messages', amount: 0.1, min: 0, max: 1 },
  delay: { unit: 'share of messages', amount: 0.1, min: 0, max: 1 },
  duplicate: { unit: 'share of messages', amount: 0.1, min: 0, max: 1 },
  reorder: { unit: 'share of messages', amount: 0.1, min: 0, max: 1 },
  replay: { unit: 'share of messages', amount: 0.1, min: 0, max: 1 },
  'clock-skew': { unit: 'seconds', amount: 120, min: -86_400, max: 86_400 },
  'power-cut': { unit: 'cuts per minute', amount: 1, min: 0, max: 60 },
  'wrong-certificate': { unit: 'none', amount: 1, min: 1, max: 1 },
  'foreign-certificate': { unit: 'none', amount: 1, min: 1, max: 1 },
} as const
export type FaultKind = keyof typeof FAULTS

export interface Fault {
  readonly kind: FaultKind
  /** Undefined: every device. */
  readonly device?: string
  readonly amount: number
}

export const isFaultKind = (text: string): text is FaultKind => Object.hasOwn(FAULTS, text)

/** Reads `kind[:device[:amount]]`; `all` or `*` is every device. Returns what is wrong as a text. */
export function parseFault(text: string): Fault | string {
  const [kind = '', device = 'all', amountText, ...rest] = text.split(':')
  if (!isFaultKind(kind)) return `unknown kind "${kind}"; known: ${Object.keys(FAULTS).join(', ')}`
  const { unit, amount: fallback, min, max } = FAULTS[kind]
  const amount = amountText === undefined ? fallback : Number(amountText)
  if (rest.length > 0 || amountText === '' || !(amount >= min && amount <= max))
    return `the amount of ${kind} is a number from ${min} to ${max} (${unit})`
  return device === 'all' || device === '*' || device === '' ? { kind, amount } : { kind, device, amount }
}

/** How much of a fault a device has: 0 for none. The most specific wish wins, then the last. */
export function amountOf(faults: readonly Fault[], kind: FaultKind, device: string): number {
  const wishes = faults.filter(f => f.kind === kind)
  return (wishes.findLast(f => f.device === device) ?? wishes.findLast(f => f.device === undefined))?.amount ?? 0
}

const DELAY_MS = { low: 200, high: 3_000 }
/** A held message goes out after the next one, or alone after this. */
const REORDER_MS = 2_000
const REPLAY_MS = { low: 500, high: 5_000 }
const REPLAY_MEMORY = 50

export interface Rates {
  readonly drop: number
  readonly delay: number
  readonly duplicate: number
  readonly reorder: number
  readonly replay: number
}

/** One direction of one device's traffic. Messages are passed on as they are: a fault never changes a byte. */
export class FaultyWire<T> {
  readonly #rates: Rates
  readonly #random: Random
  readonly #deliver: (message: T) => void
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #past: T[] = []
  #held: T | undefined

  constructor(rates: Rates, random: Random, deliver: (message: T) => void) {
    this.#rates = rates
    this.#random = random
    this.#deliver = deliver
  }

  pass(message: T): void {
    this.#maybeReplay(message)
    if (this.#happens('drop')) return
    if (this.#happens('delay'))
      this.#in(between(this.#random, DELAY_MS.low, DELAY_MS.high), () => this.#deliver(message))
    else if (this.#held === undefined && this.#happens('reorder')) this.#hold(message)
    else this.#passNow(message)
  }

  #passNow(message: T): void {
    this.#deliver(message)
    if (this.#happens('duplicate')) this.#deliver(message)
    this.#release()
  }

  /** What is still under way is lost. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#held = undefined
  }

  #happens = (kind: keyof Rates): boolean => this.#rates[kind] > 0 && this.#random() < this.#rates[kind]

  #maybeReplay(message: T): void {
    if (this.#rates.replay === 0) return
    this.#past.push(message)
    if (this.#past.length > REPLAY_MEMORY) this.#past.shift()
    if (!this.#happens('replay')) return
    const old = this.#past[Math.floor(this.#random() * this.#past.length)]!
    this.#in(between(this.#random, REPLAY_MS.low, REPLAY_MS.high), () => this.#deliver(old))
  }

  #hold(message: T): void {
    this.#held = message
    this.#in(REORDER_MS, () => {
      if (this.#held === message) this.#release()
    })
  }

  #release(): void {
    const held = this.#held
    this.#held = undefined
    if (held !== undefined) this.#deliver(held)
  }

  #in(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }
}

export const ratesOf = (faults: readonly Fault[], device: string): Rates => ({
  drop: amountOf(faults, 'drop', device),
  delay: amountOf(faults, 'delay', device),
  duplicate: amountOf(faults, 'duplicate', device),
  reorder: amountOf(faults, 'reorder', device),
  replay: amountOf(faults, 'replay', device),
})
