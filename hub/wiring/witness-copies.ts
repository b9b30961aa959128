/** The three kinds of witness that this hub's checkpoints go to. */
import { causeOf, VigieError } from '../errors.ts'
import { checkpointMessage, type Sender } from '../export/syslog-text.ts'
import { CheckpointsCopied } from '../flows/checkpoints-copied.ts'
import { RowsForwarded } from '../flows/rows-forwarded.ts'
import { SyslogClient } from '../notify/syslog.ts'
import { addNotes, replaceList, stateOf } from '../notify/witness-file.ts'
import { addCheckpoint, type HubAnswer } from '../notify/witness-hub.ts'
import { newestCheckpoint, readCheckpoint, type StoredCheckpoint } from '../record/checkpoints.ts'
import { cosignatureIn } from '../record/cosign.ts'
import { servedUpTo } from '../record/forwarded.ts'
import { readNote } from '../record/note.ts'
import { originOf } from '../record/signing.ts'
import type { Db } from '../record/sql.ts'
import { notesAfter, trustedCosigners } from '../record/witnessed.ts'
import { destinationOf, senderOf, serverOf } from './destinations.ts'
import type { LaterNeeds, Service } from './services.ts'
import type { Thread } from './thread.ts'
import type { WitnessHandlers } from './witness-worker.ts'

export type WitnessThread = Thread<WitnessHandlers>

const TICK_MS = 1_000
const PAUSE_MS = 10
/** Notes added to a file at a stretch, with one fsync. */
const NOTES_AT_ONCE = 200
/** A hub that starts anew is no failure. */
const HUB_GRACE_MS = 10_000
/** While something is being revoked the list and the newest checkpoint may not fit yet. */
const ATTEMPTS = 3

const newestSize = (db: Db): number => newestCheckpoint(db)?.size ?? 0

function copied(
  needs: LaterNeeds,
  name: string,
  how: Pick<ConstructorParameters<typeof CheckpointsCopied>[0], 'handOver' | 'failure' | 'grace'>,
): CheckpointsCopied {
  const { db, op, now } = needs
  return new CheckpointsCopied({
    left: () => servedUpTo(db, name) ?? 0,
    keep: async size => void (await op('keepServed', { destination: name, seq: size, at: now() })),
    newest: () => newestSize(db),
    destination: destinationOf(needs, name, 'witness'),
    now: () => performance.now(),
    ...how,
  })
}

export function copyToFile(needs: LaterNeeds, file: string, thread: WitnessThread): CheckpointsCopied {
  const handOver = async (size: number): Promise<number> => {
    const state = await stateOf(file)
    if (state === 'missing' && size > 0) throw new VigieError('witness-file-missing', { file })
    const revoked = await fittingList(needs, thread)
    // A file that is empty is a new one, whatever an earlier one held.
    const upTo = await addFrom(needs, file, state === 'begun' ? size : 0, state === 'missing')
    await replaceList(`${file}.revoked`, revoked)
    return upTo
  }
  return copied(needs, file, { handOver, failure: 'file-unwritable', grace: 0 })
}

/** @returns size of the last one added */
async function addFrom(needs: LaterNeeds, file: string, from: number, make: boolean): Promise<number> {
  const slice = notesAfter(needs.db, from, newestSize(needs.db), NOTES_AT_ONCE)
  const last = slice.at(-1)
  if (!last) return from
  const notes = slice.map(checkpoint => checkpoint.note)
  await addNotes(file, notes, make)
  return last.size
}

const linesOf = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('')

/** What is revoked, and a newest checkpoint that names it, signed anew if need be: a restore checks one by the other. */
async function fittingList(needs: LaterNeeds, thread: WitnessThread): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const { text, count, sha256 } = await thread.call('revoked', undefined)
    const newest = newestCheckpoint(needs.db)
    const named = newest && readCheckpoint(newest.note)?.revoked
    const fits = newest && (named ? named.sha256 === sha256 : count === 0)
    if (fits || attempt === ATTEMPTS) return text
    await needs.checkpoints.now()
  }
}

export function copyToHub(needs: LaterNeeds, hub: string, thread: WitnessThread): CheckpointsCopied {
  const ask = async (old: number, newest: StoredCheckpoint): Promise<HubAnswer> => {
    const proof = old > 0 && old < newest.size ? await thread.call('proof', { from: old, to: newest.size }) : []
    const body = `old ${old}\n${linesOf(proof)}\n${newest.note}`
    try {
      return await addCheckpoint(hub, needs.config.witnessCa, body)
    } catch (error) {
      needs.log.info({ destination: hub, cause: causeOf(error) }, 'a witness did not answer')
      throw new VigieError('witness-unreachable', { destination: hub }, { cause: error })
    }
  }
  /** Only the newest one matters: it vouches for all before it. */
  const handOver = async (size: number): Promise<number> => {
    const newest = newestCheckpoint(needs.db)
    if (!newest) return size
    const first = await ask(Math.min(size, newest.size), newest)
    const seen = seenIn(first)
    const wrong = new VigieError('witness-inconsistent', { journal: originOf(needs.db) })
    if (seen !== undefined && (seen > newest.size || seen === size)) throw wrong
    const answer = seen === undefined ? first : await ask(seen, newest)
    if (answer.status !== 200) throw refusalOf(answer, hub, wrong)
    await keepCosignature(needs, hub, newest, answer.body)
    return newest.size
  }
  return copied(needs, hub, { handOver, failure: 'witness-unreachable', grace: HUB_GRACE_MS })
}

/** Size of what the witness saw last, where that is not what it was told. */
function seenIn({ status, type, body }: HubAnswer): number | undefined {
  const size = /^(0|[1-9]\d{0,14})\n$/.exec(body)?.[1]
  return status === 409 && type.startsWith('text/x.tlog.size') && size !== undefined ? Number(size) : undefined
}

function refusalOf({ status }: HubAnswer, destination: string, inconsistent: VigieError): VigieError {
  if (status === 409 || status === 422) return inconsistent
  return new VigieError(status === 403 || status === 404 ? 'witness-refused' : 'witness-unreachable', { destination })
}

/** @throws VigieError witness-refused where the answer is signed by none of the cosigners trusted here */
async function keepCosignature(
  needs: LaterNeeds,
  hub: string,
  { size, note }: StoredCheckpoint,
  answer: string,
): Promise<void> {
  const text = readNote(note)?.text ?? ''
  const found = cosignatureIn(answer, text, trustedCosigners(needs.db))
  if (!found) throw new VigieError('witness-refused', { destination: hub })
  await needs.op('keepCosignature', { destination: hub, size, line: found.line, at: found.at })
}

/** Rows and checkpoints may go to one server: how far it has come with each is kept apart. */
export function copyToLogServer(needs: LaterNeeds, address: string): Service {
  const { db, op, now, log, config } = needs
  const name = `witness ${address}`
  let sender: Sender | undefined
  let flow: RowsForwarded<StoredCheckpoint & { readonly seq: number }> | undefined
  const client = new SyslogClient({
    ...serverOf(address, config),
    onConnected: () => flow?.connected(),
    onLost: cause => flow?.lost(cause),
    onRoom: () => flow?.wake(),
  })
  let timer: NodeJS.Timeout | undefined
  return {
    start: () => {
      sender = senderOf(needs)
      const from = sender
      flow = new RowsForwarded({
        read: size => {
          const rows = notesAfter(db, size, Number.MAX_SAFE_INTEGER, NOTES_AT_ONCE)
          return { rows: rows.map(row => ({ ...row, seq: row.size })), upTo: rows.at(-1)?.size ?? size }
        },
        newest: () => newestSize(db),
        send: (row, _, flushed) => client.send(checkpointMessage(row, from), flushed),
        left: () => servedUpTo(db, name),
        keep: async seq => void (await op('keepServed', { destination: name, seq, at: now() })),
        pause: () => new Promise(resolve => setTimeout(resolve, PAUSE_MS)),
        destination: destinationOf(needs, name, 'witness'),
        now: () => performance.now(),
        onFailure: error =>
          log.warn({ destination: name, cause: causeOf(error) }, 'checkpoints could not be sent; they will be'),
        fromFirst: false,
      })
      flow.begin()
      client.start()
      needs.checkpoints.onSigned(() => flow?.wake())
      timer = setInterval(() => flow?.tick(), TICK_MS)
    },
    stop: async () => {
      clearInterval(timer)
      await client.stop()
    },
  }
}
