/**
 * The long kill -9 campaign: node hub/test/campaign-kill.ts [--rounds 500] [--seed 1] [--dir <folder>]
 *
 * Each round is killed at its own seeded moment. The figures are kept in the folder: started again with the same seed and
 * folder, the campaign goes on where it stopped. A round that fails leaves the data as they are, and ends the campaign.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killRound, type Round, seeded } from './kill-round.ts'

/** Rounds that share a journal, one after the other; the whole of it is verified after each. */
const ROUNDS_PER_JOURNAL = 20

interface Figures {
  done: number
  whileOpening: number
  acknowledged: number
  /** Stored, but killed before the promise could be printed: allowed. */
  unpromised: number
}

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, dir: { type: 'string' } },
})
const rounds = Number(values.rounds ?? 500)
const seed = Number(values.seed ?? 1)
const home = values.dir ?? join(tmpdir(), `vigie-campaign-kill-${seed}`)
const notes = join(home, 'campaign.json')
const data = join(home, 'data')
mkdirSync(home, { recursive: true, mode: 0o700 })

function load(): Figures {
  if (!existsSync(notes)) return { done: 0, whileOpening: 0, acknowledged: 0, unpromised: 0 }
  return JSON.parse(readFileSync(notes, 'utf8')) as Figures
}

/** Whole or not at all: the campaign may be interrupted, too. */
function save(figures: Figures): void {
  writeFileSync(`${notes}.new`, JSON.stringify(figures))
  renameSync(`${notes}.new`, notes)
}

/** @param played rounds of this process: one that was interrupted left its messages behind, so each process starts afresh */
async function play(done: number, played: number): Promise<Round> {
  const within = played % ROUNDS_PER_JOURNAL
  if (within === 0) rmSync(data, { recursive: true, force: true })
  return killRound(data, within + 1, seeded(seed * 1_000_003 + done))
}

function add(figures: Figures, round: Round): Figures {
  return {
    done: figures.done + 1,
    whileOpening: figures.whileOpening + Number(round.whileOpening),
    acknowledged: figures.acknowledged + round.acknowledged,
    unpromised: figures.unpromised + round.stored - round.acknowledged,
  }
}

const say = (f: Figures): void =>
  console.log(
    `${f.done}/${rounds} rounds, ${f.whileOpening} killed while opening, ${f.acknowledged} messages acknowledged, ` +
      `all there exactly once; ${f.unpromised} more stored without their promise printed`,
  )

function fail(round: Round, done: number): never {
  console.error(`seed ${seed}, round ${done + 1}, killed after ${round.killedAfterMs} ms; the data are kept in ${data}`)
  for (const fault of round.faults.slice(0, 20)) console.error(fault)
  process.exit(1)
}

let figures = load()
for (let played = 0; figures.done < rounds; played++) {
  const round = await play(figures.done, played)
  if (round.faults.length > 0) fail(round, figures.done)
  figures = add(figures, round)
  save(figures)
  if (figures.done % 10 === 0) say(figures)
}
say(figures)
rmSync(data, { recursive: true, force: true })
