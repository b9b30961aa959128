/** Checkpoints go to witnesses, and this hub is one to others. */
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
import { copyToFile, copyToHub, copyToLogServer, type WitnessThread } from './witness-copies.ts'
import type { WitnessHandlers } from './witness-worker.ts'

const TICK_MS = 1_000
/** Proofs and cosignatures being worked out; more are refused. */
const AT_ONCE = 8

export function witnesses(needs: LaterNeeds): Service {
  const { config, folder } = needs
  const thread: WitnessThread = new Thread<WitnessHandlers>({
    url: new URL('./witness-worker.ts', import.meta.url),
    workerData: { folder, keyFile: signingKeyFile(folder.dir, config.signingKeyFile) },
    atOnce: AT_ONCE,
  })
  const cosigned = cosigning(needs, thread)
  const logServer = config.witnessSyslog === '' ? undefined : copyToLogServer(needs, config.witnessSyslog)
  let copies: readonly CheckpointsCopied[] = []
  let timer: NodeJS.Timeout | undefined
  return {
    plugins: [witnessRoutes({ add: body => cosigned.add(body), now: needs.now })],
    start: async () => {
      copies = [
        ...config.witnessFiles.map(file => copyToFile(needs, file)),
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
      await Promise.all([logServer?.stop?.(), thread.stop()])
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
    cosign: text => thread.call('cosign', { text, at: now() }),
    destination: origin => {
      const known = destinations.get(origin) ?? destinationOf(needs, origin, 'witness')
      destinations.set(origin, known)
      return known
    },
  })
}
