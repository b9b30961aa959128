/**
 * Appends, signs and erases while files can grow to a limit only: `node write-fails-program.ts <data folder>`. One line on
 * standard output for each thing that was promised or refused; `full` once the limit was met; then it waits for a line on
 * standard input, goes on with the same journal, and says `done`.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { causeOf } from '../errors.ts'
import { openFolder } from '../record/database.ts'
import { Journal } from '../record/journal.ts'
import { Stand } from './evidence-stand.ts'

const ENTRIES = 40
/** Tries after the first refusal: a journal that is full stays so, without harm. */
const REFUSALS = 3
const AFTERWARDS = 5

const [dir = ''] = process.argv.slice(2)
const say = (line: string): void => void writeSync(1, `${line}\n`)
let sent = 0
let refused = 0

/** @returns the promised row */
async function send(journal: Journal): Promise<number | undefined> {
  const message = `w-${++sent}`
  const event = {
    kind: 'state.changed',
    device: 'd',
    message,
    deviceSeq: sent,
    deviceAt: sent,
    point: 'door',
    state: {},
  } as const
  try {
    const { seq } = await journal.append({ event, at: Date.now(), inbox: { device: 'd', seq: sent, id: message } })
    say(`promised ${message} ${seq}`)
    return seq
  } catch (error) {
    refused += 1
    say(`refused ${message} ${causeOf(error)}`)
    return undefined
  }
}

/** What can't be signed or erased now is, another time: it must only leave nothing half done. */
function keep(keeper: Stand, seq: number | undefined): void {
  try {
    keeper.sign()
    if (seq !== undefined && seq % 4 === 0) keeper.erase([seq - 1])
  } catch (error) {
    refused += 1
    say(`not kept ${causeOf(error)}`)
  }
}

async function work(): Promise<void> {
  const keeper = new Stand(dir)
  const journal = new Journal(openFolder(dir, ''))
  await journal.start()
  for (let i = 0; i < ENTRIES && refused < REFUSALS; i++) keep(keeper, await send(journal))
  if (refused > 0) await goOn(keeper, journal)
  else say('done')
  await journal.stop()
  keeper.close()
}

async function goOn(keeper: Stand, journal: Journal): Promise<void> {
  await room()
  refused = 0
  for (let i = 0; i < AFTERWARDS; i++) keep(keeper, await send(journal))
  say(refused > 0 ? 'still refused' : 'done')
}

async function room(): Promise<void> {
  say('full')
  await once(process.stdin, 'data')
}

try {
  await work()
} catch (error) {
  // It could not even begin. It must be able to once there is room.
  say(`not begun ${causeOf(error)}`)
  await room()
  await work()
}
process.stdin.destroy()
