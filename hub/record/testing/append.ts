/**
 * Appends until it is killed: `node append.ts <data folder> <round>`. Prints `ready`; then writes one line for each message
 * to file descriptor 3, only after the journal has promised it: its device, its id and its row. (A file: what was written to
 * it is there, whenever the writer dies.) Checkpoints are signed and payloads erased at the same time.
 */
import { writeSync } from 'node:fs'
import type { Entry, SituationChange } from '../../ports.ts'
import { Stand } from '../../test/evidence-stand.ts'
import { openFolder } from '../database.ts'
import { Journal } from '../journal.ts'

/** Devices that each wait for one answer before they send the next message, as with QoS 1. */
const DEVICES = 16
const ACKNOWLEDGED = 3

const [dir = '', round = '0'] = process.argv.slice(2)
const journal = new Journal(openFolder(dir, ''))
await journal.start()
writeSync(1, 'ready\n')

function entryOf(device: string, seq: number): Entry {
  const id = `r${round}-${seq}`
  const message = { device, message: id, deviceSeq: seq, deviceAt: seq }
  const inbox = { device, seq, id }
  if (seq % 3 === 0)
    return { event: { kind: 'readings', messages: [{ ...message, readings: [] }] }, at: Date.now(), inbox }
  const event = { ...message, kind: 'state.changed', point: 'door', state: { n: seq } } as const
  return { event, at: Date.now(), inbox, situations: [doorOf(device, seq)] }
}

/** Tells of the newest row of its device; every seventh goes. */
function doorOf(device: string, seq: number): SituationChange {
  return { kind: 'door', key: device, ...(seq % 7 === 0 ? {} : { value: { open: true, releasedUntil: seq } }) }
}

async function sendForEver(device: string): Promise<void> {
  for (let seq = Number(round) * 1_000_000 + 1; ; seq++) {
    const { seq: row } = await journal.append(entryOf(device, seq))
    writeSync(ACKNOWLEDGED, `${device} r${round}-${seq} ${row}\n`)
  }
}

/**
 * Meanwhile, through a connection of its own as the command line has: signs what stands there, and erases payloads of rows
 * that no device waits for.
 */
async function keepForEver(): Promise<void> {
  const keeper = new Stand(dir)
  for (let last: readonly number[] = []; ; ) {
    const event = { kind: 'device.online', device: 'kept' } as const
    const rows = await journal.appendAll([1, 2, 3].map(() => ({ event, at: Date.now() })))
    keeper.sign()
    if (last.length > 0) keeper.erase(last)
    last = rows.map(row => row.seq)
  }
}

await Promise.all([keepForEver(), ...Array.from({ length: DEVICES }, (_, i) => sendForEver(`d${i}`))])
