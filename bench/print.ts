/** The table, as Markdown that also reads well in a terminal, with what one must know to judge it. */
import { cpus, loadavg, release, type } from 'node:os'
import { pinned } from './processes.ts'
import type { Disk } from './results.ts'
import { isMet, type Row } from './rows.ts'
import { median } from './stats.ts'

const HEAD = ['what', 'ours', 'beside', 'ratio', 'target', 'verdict']

export function table(rows: readonly Row[]): string {
  const cells = [HEAD, HEAD.map(() => ''), ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map(line => (line[column] as string).length)))
  const lines = cells.map((line, i) =>
    line.map((cell, column) =>
      i === 1 ? '-'.repeat(widths[column] as number) : cell.padEnd(widths[column] as number),
    ),
  )
  return lines.map(line => `| ${line.join(' | ')} |`).join('\n')
}

function cellsOf(row: Row): string[] {
  const met = isMet(row)
  const target = row.target ? `${row.target.bound} ${row.target.ratio}` : ''
  const verdict = row.target ? (met === undefined ? 'not measurable here' : met ? 'met' : 'NOT met') : ''
  return [row.what, row.ours, row.beside, Number.isNaN(row.ratio) ? '–' : ratioWords(row.ratio), target, verdict]
}

const ratioWords = (ratio: number): string => (ratio < 0.095 ? ratio.toFixed(4) : ratio.toFixed(2))

export interface Run {
  readonly startedAt: Date
  readonly rounds: number
  readonly disk: readonly Disk[]
  readonly inMemory: boolean
  /** A sample that only shows that everything runs. */
  readonly quick: boolean
}

/** Above it something else is running: read before the benchmark adds its own. */
const BUSY_LOAD = 0.7
const [loadBefore = 0] = loadavg()

/** When, where, how often. */
export function heading({ startedAt, rounds, disk, inMemory, quick }: Run): string {
  const cores = cpus()
  const lines = [
    `${startedAt.toISOString().slice(0, 10)}, ${cores.length} cores ${cores[0]?.model ?? ''}, ${type()} ${release()}, Node ${process.versions.node}, ${rounds} round(s).`,
    pinned
      ? 'Servers on core 0, load generator on core 1.'
      : 'Servers and generator share the cores: taskset or a second core is missing, so latencies include their contention.',
  ]
  if (disk.length > 0)
    lines.push(
      `Disk: append 256 B + fdatasync p50 ${median(disk.map(d => d.p50)).toFixed(2)} ms, p99 ${median(disk.map(d => d.p99)).toFixed(2)} ms.`,
    )
  if (loadBefore > BUSY_LOAD)
    lines.push(
      `The machine was not idle: load average ${loadBefore.toFixed(1)} before the start. Run it again when it is.`,
    )
  if (quick)
    lines.push('A sample of a few seconds: it shows that everything runs; its figures and verdicts mean nothing.')
  if (inMemory)
    lines.push(
      'The folder is in memory: nothing about durability can be read from these figures. Choose a disk with --folder.',
    )
  return lines.join('\n')
}

export const NOTES = [
  'Figures are medians over the rounds. Badges arrive as a Poisson stream over 100 mTLS connections; latency counts from when a badge was due.',
  'Ours answers a granted badge with a decision and an unlock command; bare with a decision only, without rights or journal. Nobody answers the command.',
  '† taken from an earlier measurement on a machine of this kind, not from this run.',
].join('\n')
