/**
 * Messages for a log server (RFC 5424). Whatever a name holds, it stays within its field: the header takes visible ASCII
 * only, values of structured data are escaped (6.3.3), and the message is JSON. How messages are told apart on the wire is
 * the sender's business (RFC 5425 counts their bytes).
 */
import type { VigieEvent } from '../events.ts'
import { type Sendable, sendable } from './sendable.ts'
import { severityOf } from './severity.ts'

/** Who sends. */
export interface Sender {
  readonly host: string
  readonly pid: number
  /** What the journal is called in what it signs. */
  readonly journal: string
  /** Id of the site. */
  readonly site: string
}
/** A row as it is sent; what was erased is not. */
export interface SentRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  /** Of the chain, hexadecimal. */
  readonly hash: string
  readonly event: VigieEvent
  /** Seq of the row sent before this one: a receiver that does not have it has missed something. */
  readonly after: number
}
export interface Message {
  readonly facility: number
  readonly severity: number
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  readonly id: string
  /** Elements, each made by `element`; none is written as the nil value. */
  readonly data?: readonly string[]
  readonly text: string
  /** Whether the text is marked as UTF-8 by a byte order mark (6.4). */
  readonly marked: boolean
}

/** "Log audit" (RFC 5424, table 1). */
const LOG_AUDIT = 13
/**
 * Private elements carry an enterprise number (RFC 5424, 6.3.2). This one is set aside for examples and documentation
 * (RFC 5612): it belongs to nobody, so no other product's elements are called the same.
 */
const OWN_ELEMENT = 'vigie@32473'
const MARK = '\uFEFF'

/** The whole message, UTF-8. */
export function messageBytes(m: Message, { host, pid }: Sender): Buffer {
  const header = [
    `<${m.facility * 8 + m.severity}>1`,
    new Date(m.at).toISOString(),
    visible(host, 255),
    'vigie',
    visible(String(pid), 128),
    visible(m.id, 32),
  ]
  const data = m.data?.length ? m.data.join('') : '-'
  return Buffer.from(`${header.join(' ')} ${data} ${m.marked ? MARK : ''}${m.text}`, 'utf8')
}

/** A header field: visible ASCII of a length, or the nil value (6). */
export const visible = (text: string, length: number): string =>
  text.replace(/[^\x21-\x7e]/g, '').slice(0, length) || '-'

type Parameter = readonly [name: string, value: string | number]

/** @param id and names of parameters as RFC 5424, 6.3.3 wants them; values may hold anything */
export const element = (id: string, parameters: readonly Parameter[]): string =>
  `[${id}${parameters.map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join('')}]`

/** Control characters would be a line break to a receiver that keeps one message a line. */
const escaped = (value: string): string =>
  value
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .replace(/["\\\]]/g, '\\$&')

/** Fields that a log server is asked for most: they stand outside the JSON too. */
const INDEXED = [
  'person',
  'credential',
  'witness',
  'operator',
  'by',
  'device',
  'accessPoint',
  'point',
  'zone',
  'class',
  'reason',
]

/** One row: its fields as structured data, the whole event as JSON. Pseudonyms, no names, no free text. */
export function plainMessage(row: SentRow, sender: Sender): Buffer {
  const event = sendable(row.event)
  const own: Parameter[] = [
    ['journal', sender.journal],
    ['seq', row.seq],
    ['after', row.after],
    ['hash', row.hash],
    ...indexed(event),
  ]
  const text = JSON.stringify({ seq: row.seq, at: new Date(row.at).toISOString(), ...event, kind: row.kind })
  return messageBytes(
    {
      facility: LOG_AUDIT,
      severity: severityOf(row.kind),
      at: row.at,
      id: row.kind,
      data: [ORIGIN, element(OWN_ELEMENT, own)],
      text,
      marked: true,
    },
    sender,
  )
}

/** RFC 5424, 7.2. */
const ORIGIN = element('origin', [['software', 'vigie']])

const indexed = (event: Sendable): Parameter[] =>
  INDEXED.flatMap(name => {
    const value = event[name]
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : []
  })

/** A signed checkpoint, for a log server that keeps it as a witness: the note as it is, as JSON so that it stays one line. */
export function checkpointMessage(
  checkpoint: { readonly size: number; readonly at: number; readonly note: string },
  sender: Sender,
): Buffer {
  const own = element(OWN_ELEMENT, [
    ['journal', sender.journal],
    ['size', checkpoint.size],
  ])
  const text = JSON.stringify({ checkpoint: checkpoint.note })
  const header = { facility: LOG_AUDIT, severity: 5, at: checkpoint.at, id: 'checkpoint', marked: true }
  return messageBytes({ ...header, data: [ORIGIN, own], text }, sender)
}
