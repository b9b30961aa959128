/**
 * The evidence file: JSON Lines that docs/verify/verify.mjs, or anyone's own program, checks without this hub. The format
 * is described in docs/verify/README.md; field order and spelling are part of it, because a line is hashed as it stands.
 */
import type { Evidence, EvidenceHead, EvidenceRow, EvidenceTail } from '../ports.ts'

const VERSION = 1
const base64 = (list: readonly Buffer[]): string[] => list.map(hash => hash.toString('base64'))

function headLine({ origin, from, to, previous, left, complete, filter, keys, rotations }: EvidenceHead): string {
  const span = { from, to, previous: previous.toString('hex'), left: base64(left), complete }
  const rest = { ...(filter && { filter }), keys, rotations }
  return `${JSON.stringify({ vigie: 'journal export', version: VERSION, origin, ...span, ...rest })}\n`
}

/** @param complete rows of a whole span carry their chain hash, those of a selection a proof instead */
function rowLine(row: EvidenceRow, complete: boolean): string {
  const { salt, body, commitment, erasedBy } = row
  const beside = complete
    ? `,"hash":"${row.hash.toString('hex')}"`
    : `,"proof":${JSON.stringify(base64(row.proof ?? []))}`
  const start = `"seq":${row.seq},"at":"${new Date(row.at).toISOString()}","kind":"${row.kind}"`
  const middle = `"commitment":"${commitment.toString('hex')}"${beside}`
  if (salt === undefined || body === undefined) return `${start},${middle},"erasedBy":${erasedBy}}\n`
  const who = row.who ? `,"who":${JSON.stringify(row.who)}` : ''
  return `${start},"salt":"${salt.toString('hex')}",${middle}${who},"event":${body}}\n`
}

/** @param hash of the chain: of the last withheld row before one that is shown, which is what it is checked by */
const withheldLine = (seq: number, leaf: Buffer, hash?: Buffer): string =>
  `{"seq":${seq},"withheld":true,"leaf":"${leaf.toString('base64')}"${hash ? `,"hash":"${hash.toString('hex')}"` : ''}}\n`

/** Rows as lines. A withheld one waits for the row after it: what nothing depends on is not written. */
class Lines {
  readonly #complete: boolean
  #held: EvidenceRow | undefined
  rows = 0

  constructor(complete: boolean) {
    this.#complete = complete
  }

  of(slice: readonly EvidenceRow[]): string {
    let text = ''
    for (const row of slice) {
      text += this.release(row.withheld ? undefined : this.#held?.hash)
      if (row.withheld) this.#held = row
      else text += `{${rowLine(row, this.#complete)}`
    }
    this.rows += slice.length
    return text
  }

  /** The withheld row that still waits, if there is one. */
  release(hash?: Buffer): string {
    const held = this.#held
    this.#held = undefined
    return held?.withheld ? withheldLine(held.seq, held.withheld, hash) : ''
  }
}

function tailLines({ vouchers, right, checkpoint, checkpoints }: EvidenceTail, rows: number): string {
  const vouching = vouchers.map(row => `{"vouches":true,${rowLine(row, false)}`).join('')
  return `${vouching}${JSON.stringify({ end: true, rows, right: base64(right), checkpoint, checkpoints })}\n`
}

/**
 * The whole file, a slice of rows at a time: whoever takes the chunks decides the pace, and memory holds one.
 * @returns the number of rows, without those that only vouch for others
 */
export async function* evidenceLines(evidence: Evidence): AsyncGenerator<string, number> {
  const lines = new Lines(evidence.head.complete)
  yield headLine(evidence.head)
  for await (const slice of evidence.slices) {
    const text = lines.of(slice)
    if (text !== '') yield text
  }
  yield `${lines.release()}${tailLines(await evidence.tail(), lines.rows)}`
  return lines.rows
}
