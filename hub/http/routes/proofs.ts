/** /api/v1/journal/checkpoint, /:seq/proof, /consistency: the journal's signed checkpoints, and proofs against them. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { CheckpointView, ConsistencyProof, RowProof } from '../../api.ts'
import { VigieError } from '../../errors.ts'
import type { VigieEvent } from '../../events.ts'
import { tellsTo } from '../../rules/zones.ts'
import { readerOf, strict } from '../operator.ts'

export interface Proofs {
  /** The newest checkpoint, or the first if there is none yet. */
  newest(): Promise<CheckpointView>
  /** Its kind, and what it tells of, where that was not erased. Undefined: no such row. */
  row(seq: number): { readonly kind: VigieEvent['kind']; readonly event?: VigieEvent } | undefined
  /** Resolves when a checkpoint covers the row. */
  signed(seq: number): Promise<void>
  proof(seq: number): Promise<RowProof>
  /** @throws VigieError range-inverted, row-unknown */
  consistency(from: number, to: number): Promise<ConsistencyProof>
  /** That this operator reads that row. @throws VigieError journal-unavailable */
  note(by: string, seq: number): Promise<void>
}

const Seq = Type.String({ pattern: '^[1-9][0-9]{0,14}$' })
const BySeq = Type.Object({ seq: Seq }, strict)
const Sizes = Type.Object({ from: Seq, to: Seq }, strict)
const config = { permission: 'journal.proof' } as const

export function proofRoutes(proofs: Proofs): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/journal/checkpoint', { config }, () => proofs.newest())
    app.get<{ Params: Static<typeof BySeq> }>(
      '/api/v1/journal/:seq/proof',
      { config, schema: { params: BySeq } },
      async request => {
        const seq = Number(request.params.seq)
        const { id, hidden, reach } = readerOf(request)
        const row = proofs.row(seq)
        if (!row || hidden.includes(row.kind) || !tellsTo(row.event ?? {}, reach, id))
          throw new VigieError('row-unknown', { row: seq })
        await proofs.note(id, seq)
        await proofs.signed(seq)
        return proofs.proof(seq)
      },
    )
    app.get<{ Querystring: Static<typeof Sizes> }>(
      '/api/v1/journal/consistency',
      { config, schema: { querystring: Sizes } },
      request => proofs.consistency(Number(request.query.from), Number(request.query.to)),
    )
  }
}
