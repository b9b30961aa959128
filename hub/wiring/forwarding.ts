/** Copies of the journal that leave the machine: rows to a log server, checkpoints to witnesses. */
import { setTimeout as later } from 'node:timers/promises'
import { causeOf } from '../errors.ts'
import { atnaMessage } from '../export/atna.ts'
import { plainMessage, type Sender } from '../export/syslog-text.ts'
import { RowsForwarded } from '../flows/rows-forwarded.ts'
import { SyslogClient } from '../notify/syslog.ts'
import { type Queued, queuedAfter, servedUpTo } from '../record/forwarded.ts'
import { lastSeq } from '../record/reading.ts'
import { destinationOf, senderOf, serverOf } from './destinations.ts'
import type { LaterNeeds, Service } from './services.ts'
import { witnesses } from './witnesses.ts'

const TICK_MS = 1_000
/** Between stretches of 50 rows: a backlog leaves at some 5,000 rows a second, and doors have the thread in between. */
const PAUSE_MS = 10

export function forwarding(needs: LaterNeeds): Service {
  const parts = [...(needs.config.syslog === '' ? [] : [rows(needs)]), witnesses(needs)]
  return {
    plugins: parts.flatMap(p => p.plugins ?? []),
    start: async () => {
      for (const part of parts) await part.start?.()
    },
    stop: async () => void (await Promise.all(parts.map(p => p.stop?.()))),
    settle: async () => void (await Promise.all(parts.map(p => p.settle?.()))),
  }
}

function rows(needs: LaterNeeds): Service {
  const { config, db, op, log, now } = needs
  const address = config.syslog
  const message = config.syslogFormat === 'atna' ? atnaMessage : plainMessage
  let sender: Sender | undefined
  const flow = new RowsForwarded<Queued>({
    read: seq => queuedAfter(db, seq),
    newest: () => lastSeq(db),
    send: (row, after, flushed) => {
      sender ??= senderOf(needs)
      return client.send(message({ ...row, hash: row.hash.toString('hex'), after }, sender), flushed)
    },
    left: () => servedUpTo(db, address),
    keep: async seq => void (await op('keepServed', { destination: address, seq, at: now() })),
    pause: () => later(PAUSE_MS),
    destination: destinationOf(needs, address, 'forwarding'),
    now: () => performance.now(),
    onFailure: error =>
      log.warn({ destination: address, cause: causeOf(error) }, 'rows could not be forwarded; they will be'),
    fromFirst: config.syslogFrom === 'first',
  })
  const client = new SyslogClient({
    ...serverOf(address, config),
    onConnected: () => flow.connected(),
    onLost: cause => flow.lost(cause),
    onRoom: () => flow.wake(),
  })
  let timer: NodeJS.Timeout | undefined
  return {
    start: () => {
      flow.begin()
      client.start()
      needs.observe('forwarding', () => flow.wake())
      timer = setInterval(() => flow.tick(), TICK_MS)
    },
    stop: async () => {
      clearInterval(timer)
      await client.stop()
    },
  }
}
