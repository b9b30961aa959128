/**
 * Plays scenarios, step by step, and says of each what was expected and what was seen. The next step waits until this
 * one has been seen, or until its time is over.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DecisionMessage } from '#devices/messages.ts'
import type { BadgeAct } from '../models/behaviour.ts'
import { objectOf } from '../operator.ts'
import { castOf, type Player, untilShiftsStand } from './cast.ts'
import {
  type BadgeStep,
  fits,
  type JournalStep,
  type OperatorStep,
  type Scenario,
  type SeeStep,
  type Step,
} from './scenario.ts'
import type { Stage } from './stage.ts'

export interface Result {
  readonly step: Step
  readonly expected: string
  readonly seen: string
  readonly right: boolean
  /** The operator's command as it was called. */
  readonly call?: string
}
export interface Audience {
  begins(scenario: Scenario, cast: ReadonlyMap<string, Player>): void
  played(result: Result): void
  ends(scenario: Scenario, differing: number): void
}

const RETRIES_MS = 30_000
const RETRY_MS = 1_000
const JOURNAL_LINES = '5000'

/** @param pauseMs between steps, for people who follow along @returns how many steps differed; 0 is a success */
export async function play(
  scenario: Scenario,
  stage: Stage,
  audience: Audience,
  { signal, pauseMs = 0 }: { readonly signal: AbortSignal; readonly pauseMs?: number },
): Promise<number> {
  await sleep(untilShiftsStand(Date.now()), undefined, { signal })
  const reads = scenario.steps.some(s => s.do === 'journal')
  const run = new Run(scenario, stage, reads ? await lastRow(stage) : 0)
  audience.begins(scenario, run.cast)
  let differing = 0
  try {
    for (const step of scenario.steps) {
      signal.throwIfAborted()
      const result = await run.step(step)
      audience.played(result)
      if (!result.right) differing += 1
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal })
    }
  } finally {
    for (const args of scenario.afterwards ?? []) await stage.vigie(run.words(args))
  }
  audience.ends(scenario, differing)
  return differing
}

class Run {
  readonly cast: ReadonlyMap<string, Player>
  readonly #stage: Stage
  readonly #firstRow: number
  readonly #kept = new Map<string, string>()
  #mark: number

  constructor({ cast }: Scenario, stage: Stage, firstRow: number) {
    this.cast = castOf(cast, stage.seed, Date.now())
    this.#stage = stage
    this.#firstRow = firstRow
    this.#mark = stage.mark()
  }

  async step(step: Step): Promise<Result> {
    const since = this.#mark
    this.#mark = this.#stage.mark()
    if (step.do === 'badge') return this.#badge(step)
    if (step.do === 'vigie') return { ...(await this.#vigie(step)), call: `vigie ${this.words(step.run).join(' ')}` }
    // What was ordered in the step before may have been seen before its command ended.
    if (step.do === 'see') return this.#see(step, since)
    return this.#journal(step)
  }

  /** `$name` and `$name.badge`, filled in. */
  words(words: readonly string[]): string[] {
    return words.map(word =>
      word.replace(/\$(\w+)(\.badge)?/g, (_, name: string, badge?: string) => {
        const player = this.#player(name)
        return badge ? player.uid : player.id
      }),
    )
  }

  async #badge(step: BadgeStep): Promise<Result> {
    const [device = '', point = ''] = step.at.split('/')
    const act = this.#act(step, point)
    const answer = await this.#answered(device, act, step)
    if (!answer) return told(step, step.expect, 'no answer', false)
    const plain = withoutIds(answer)
    if (step.keep) this.#kept.set(step.keep, plain)
    if (answer.reason !== step.expect) return told(step, step.expect, answer.reason, false)
    if (step.same && this.#kept.get(step.same) !== plain)
      return told(step, this.#kept.get(step.same) ?? `nothing kept as ${step.same}`, plain, false)
    const seen = step.same ? `${answer.reason} =` : answer.reason
    return this.#opened(step, device, point, seen)
  }

  #act(step: BadgeStep, point: string): BadgeAct {
    const player = this.#player(step.who)
    return {
      kind: 'badge',
      point,
      uid: player.uid,
      ...(step.pin ? { pin: player.pins[step.pin] } : {}),
      ...(step.reason ? { reason: step.reason } : {}),
      ...(step.reference ? { reference: step.reference } : {}),
      ...(step.emergency ? { breakGlass: true } : {}),
      ...(step.opens === undefined ? {} : { hand: { afterMs: 100, dwellMs: step.opens } }),
    }
  }

  /** Badges, and again as long as the answer is one to be waited out. */
  async #answered(device: string, act: BadgeAct, step: BadgeStep): Promise<DecisionMessage | undefined> {
    const deadline = Date.now() + RETRIES_MS
    for (;;) {
      this.#mark = this.#stage.mark()
      this.#stage.perform(device, act)
      const event = await this.#stage.sees(device, act.point, ['granted', 'denied', 'badge-offline'], this.#mark)
      const answer = event?.answer
      if (!answer || answer.reason !== step.while || Date.now() > deadline) return answer
      await sleep(Math.min(answer.waitMs ?? RETRY_MS, RETRIES_MS))
    }
  }

  /** A granted badge releases the lock, and who is expected to opens it. */
  async #opened(step: BadgeStep, device: string, point: string, seen: string): Promise<Result> {
    if (step.expect !== 'granted') return told(step, step.expect, seen, true)
    const last = step.opens === undefined ? 'unlocked' : (step.until ?? 'closed')
    const event = await this.#stage.sees(device, point, [last], this.#mark)
    return told(step, `granted, ${last}`, event ? `${seen}, ${last}` : `${seen}, never ${last}`, event !== undefined)
  }

  async #vigie({ exit = 0, ...step }: OperatorStep): Promise<Result> {
    const { code, answer } = await this.#stage.vigie(this.words(step.run))
    const text = JSON.stringify(answer) ?? ''
    if (code !== exit) return told(step, `exit ${exit}`, `exit ${code} ${text}`, false)
    const pattern = (json: unknown) => JSON.parse(this.words([JSON.stringify(json)])[0]!)
    if (step.shows !== undefined && !fits(answer, pattern(step.shows)))
      return told(step, JSON.stringify(pattern(step.shows)), text, false)
    if (step.hides !== undefined && fits(answer, pattern(step.hides)))
      return told(step, `not ${JSON.stringify(pattern(step.hides))}`, text, false)
    return told(step, `exit ${exit}`, `exit ${code}`, true)
  }

  async #see(step: SeeStep, since: number): Promise<Result> {
    const found = await Promise.all(
      step.at.map(async at => {
        const [device = '', point = ''] = at.split('/')
        return { at, event: await this.#stage.sees(device, point, [step.what], since) }
      }),
    )
    const missing = found.filter(f => !f.event).map(f => f.at)
    const expected = `${step.what}: ${step.at.length}`
    const seen =
      missing.length === 0 ? expected : `${step.what}: ${found.length - missing.length}, not ${missing.join(', ')}`
    return told(step, expected, seen, missing.length === 0)
  }

  async #journal(step: JournalStep): Promise<Result> {
    const { lines } = await this.#stage.vigie(['journal', 'tail', '--lines', JOURNAL_LINES])
    const rows = lines.map(objectOf).filter(isRow)
    const kinds = new Set(rows.filter(r => r.seq > this.#firstRow).map(r => r.event.kind))
    const missing = step.has.filter(kind => !kinds.has(kind))
    const stray = (step.lacks ?? []).filter(kind => kinds.has(kind))
    const right = missing.length === 0 && stray.length === 0
    const seen = [...step.has.filter(kind => kinds.has(kind)), ...stray.map(kind => `! ${kind}`)].join(', ')
    return told(step, step.has.join(', '), seen || 'nothing', right)
  }

  #player(name: string): Player {
    const player = this.cast.get(name)
    if (!player) throw new Error(`nobody in the cast is called ${name}`)
    return player
  }
}

const told = (step: Step, expected: string, seen: string, right: boolean): Result => ({ step, expected, seen, right })

/** The answer as a reader shows it: ids and times differ each time, everything else and its order must not. */
const withoutIds = (answer: DecisionMessage): string =>
  JSON.stringify({ ...answer, id: '', request: '', expiresAt: '' })

interface Row {
  readonly seq: number
  readonly event: { readonly kind: string }
}
const isRow = (value: unknown): value is Row => {
  const row = value as Partial<Row> | undefined
  return typeof row?.seq === 'number' && typeof row.event?.kind === 'string'
}

async function lastRow(stage: Stage): Promise<number> {
  const { lines } = await stage.vigie(['journal', 'tail', '--lines', '1'])
  return lines.map(objectOf).filter(isRow).at(-1)?.seq ?? 0
}
