/** Checkpoints go to witnesses, and this hub is one to others. */
import { causeOf } from '../errors.ts'
import { CheckpointCosigned } from '../flows/checkpoint-cosigned.ts'
import type { CheckpointsCopied } from '../flows/checkpoints-copied.ts'
import type { Destination } from '../flows/destination.ts'
import { witnessRoutes } from '../http/routes/witness.ts'
import { isConsistent } from '../record/merkle.ts'
import { readNote, signersOf, type VerifierKey } from '../record/note.ts'
import { signingKeyFile } from '../record/signing.ts'
import { seenOf, trustedKeys } from '../record/witnessed.ts'
import { destinationOf } from './destinations.ts'
import type { LaterNeeds, Service } from './services.ts'
import { Thread } from './thread.ts'
import { within } from './within.ts'
import { copyToFile, copyToHub, copyToLogServer, type WitnessThread } from './witness-copies.ts'
import type { WitnessHandlers } from './witness-worker.ts'

const TICK_MS = 1_000
/** For what is signed as the hub stops. */
const LAST_MS = 2_000
/** Proofs and cosignatures being worked out; more are refused. */
const AT_ONCE = 8

export function witnesses(needs: LaterNeeds): Service {
  const { config, folder } = needs
  const threadOf = (): WitnessThread =>
    new Thread<WitnessHandlers>({
      url: new URL('./witness-worker.ts', import.meta.url),
      workerData: { folder, keyFile: signingKeyFile(folder.dir, config.signingKeyFile) },
      atOnce: AT_ONCE,
    })
  // Strangers who ask for cosignatures never hold up this hub's own copies.
  const [thread, forOthers] = [threadOf(), threadOf()]
  const cosigned = cosigning(needs, forOthers)
  const logServer = config.witnessSyslog === '' ? undefined : copyToLogServer(needs, config.witnessSyslog)
  const last = (copy: CheckpointsCopied): Promise<void> =>
    copy
      .last()
      .catch((error: unknown) =>
        needs.log.info({ cause: causeOf(error) }, 'a witness gets the last checkpoint at the next start'),
      )
  let copies: readonly CheckpointsCopied[] = []
  let timer: NodeJS.Timeout | undefined
  return {
    plugins: [witnessRoutes({ add: body => cosigned.add(body), now: needs.now })],
    start: async () => {
      copies = [
        ...config.witnessFiles.map(file => copyToFile(needs, file, thread)),
        ...config.witnessHubs.map(hub => copyToHub(needs, hub, thread)),
      ]
      for (const copy of copies) copy.begin()
      needs.checkpoints.onSigned(() => {
        for (const copy of copies) copy.signed()
      })
      timer = setInterval(() => {
        for (const copy of copies) copy.look()
      }, TICK_MS)
      await logServer?.start?.()
    },
    stop: async () => {
      clearInterval(timer)
      for (const copy of copies) copy.stop()
      await forOthers.stop()
    },
    settle: async () => {
      await Promise.all([logServer?.stop?.(), within(LAST_MS, Promise.all(copies.map(copy => last(copy))))])
      await thread.stop()
    },
  }
}

function cosigning(needs: LaterNeeds, thread: WitnessThread): CheckpointCosigned<VerifierKey> {
  const { db, op, now } = needs
  const destinations = new Map<string, Destination>()
  return new CheckpointCosigned<VerifierKey>({
    textOf: note => readNote(note)?.text,
    keys: origin => trustedKeys(db, origin),
    isSigned: (note, keys) => {
      const read = readNote(note)
      return read !== undefined && signersOf(read, keys) !== undefined
    },
    seen: origin => seenOf(db, origin),
    isConsistent,
    keep: async seen => op('keepSeen', { ...seen, at: now() }),
    now: () => performance.now(),
    cosign: text => thread.call('cosign', { text, at: now() }),
    destination: origin => {
      const known = destinations.get(origin) ?? destinationOf(needs, origin, 'witness')
      destinations.set(origin, known)
      return known
    },
  })
}
