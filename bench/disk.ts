/** The disk's own limit: append 256 bytes, fdatasync, one after another. Prints one JSON line. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { percentile } from './stats.ts'

const { values } = parseArgs({ options: { folder: { type: 'string' }, seconds: { type: 'string' } } })
const file = join(values.folder ?? '.', `fdatasync-${process.pid}`)
const row = Buffer.alloc(256, 'v')
const times: number[] = []
const fd = openSync(file, 'a')
try {
  const end = performance.now() + Number(values.seconds ?? 1) * 1000
  for (let started = performance.now(); started < end; started = performance.now()) {
    writeSync(fd, row)
    fdatasyncSync(fd)
    times.push(performance.now() - started)
  }
} finally {
  closeSync(fd)
  rmSync(file)
}
process.stdout.write(
  `${JSON.stringify({ count: times.length, p50: percentile(times, 0.5), p99: percentile(times, 0.99) })}\n`,
)
