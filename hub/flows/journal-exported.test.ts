import { describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'
import { type ExportWish, JournalExported } from './journal-exported.ts'

const WISH: ExportWish = {
  ...{ id: 'e-1', format: 'csv', filter: {}, hidden: [], names: true, language: 'en', bom: false, by: 'op-1' },
  ...{
    statedReason: '  audit  ',
    askedAt: 1,
    to: 'folder',
    schedule: 's-1',
    file: '/f.csv',
    replace: true,
    beside: false,
  },
}
const PARTS = [{ part: '/f.csv.part', file: '/f.csv' }]
const NOTE = { size: 7, at: 1, root: '', note: 'note', keys: [] }
const BROKEN = new VigieError('export-unwritable', { file: '/f.csv', cause: 'full' })

function staged(failing: string | undefined = undefined, error: Error = BROKEN, overtaken = 0) {
  const steps: string[] = []
  const rows: VigieEvent[] = []
  const step = async <T>(name: string, result: T): Promise<T> => {
    steps.push(name)
    if (name === failing) throw error
    return result
  }
  const record = (event: VigieEvent): void => void rows.push(event)
  const flow = new JournalExported({
    check: () => step('check', { zone: 'as it was typed' }),
    sign: () => step('sign', NOTE),
    write: () => step('write', { rows: 3, bytes: 10, sha256: 'ab', parts: PARTS, note: { zone: 'ward' }, mark: 'm' }),
    isCurrent: () => overtaken-- <= 0,
    record: async event => record(await step('record', event)),
    tell: async event => record(event),
    publish: ({ parts, replace, mark }) => step(`publish ${parts.length} ${replace} ${mark}`, undefined),
    discard: async () => void steps.push('discard'),
  })
  return { flow, steps, rows }
}
const run = async (flow: JournalExported, wish = WISH) => (await flow.ask(wish))()

describe('an export', () => {
  it('is signed for, written, recorded, and only then published', async () => {
    const { flow, steps, rows } = staged()
    expect(await run(flow)).toEqual({ rows: 3, bytes: 10, sha256: 'ab', checkpoint: NOTE })
    expect(steps).toEqual(['check', 'sign', 'write', 'record', 'publish 1 true m'])
    expect(rows).toEqual([
      {
        ...{ kind: 'journal.exported', by: 'op-1', export: 'e-1', format: 'csv', filter: { zone: 'ward' }, rows: 3 },
        ...{ checkpoint: 7, names: true, sha256: 'ab', statedReason: 'audit', schedule: 's-1', to: 'folder' },
      },
    ])
  })

  it.each([
    ['sign', ['check', 'sign']],
    ['write', ['check', 'sign', 'write']],
    ['record', ['check', 'sign', 'write', 'record', 'discard']],
    ['publish 1 true m', ['check', 'sign', 'write', 'record', 'publish 1 true m']],
  ])('that fails at %s goes no further, and says so in the journal', async (failing, expected) => {
    const { flow, steps, rows } = staged(failing)
    await expect(run(flow)).rejects.toBe(BROKEN)
    expect(steps).toEqual(expected)
    expect(rows.at(-1)).toEqual({
      ...{ kind: 'journal.export-failed', by: 'op-1', export: 'e-1', format: 'csv', error: 'export-unwritable' },
      schedule: 's-1',
    })
  })

  it('during which somebody is erased is written anew, with a checkpoint of its own, and told once', async () => {
    const { flow, steps, rows } = staged(undefined, BROKEN, 2)
    await run(flow)
    const again = ['sign', 'write', 'discard']
    expect(steps).toEqual(['check', ...again, ...again, 'sign', 'write', 'record', 'publish 1 true m'])
    expect(rows.map(r => r.kind)).toEqual(['journal.exported'])
  })

  it('that erasures overtake each time is given up, and says so', async () => {
    const { flow, steps, rows } = staged(undefined, BROKEN, 4)
    await expect(run(flow)).rejects.toMatchObject({ code: 'export-overtaken' })
    expect(steps.filter(s => s === 'write')).toHaveLength(4)
    expect(steps.at(-1)).toBe('discard')
    expect(rows).toMatchObject([{ kind: 'journal.export-failed', error: 'export-overtaken' }])
  })

  it('tells of an unforeseen failure without its words', async () => {
    const { flow, rows } = staged('write', new Error('secret'))
    await expect(run(flow)).rejects.toThrow('secret')
    expect(rows).toMatchObject([{ kind: 'journal.export-failed', error: 'internal' }])
  })

  it.each(['', 'ab', '   a   ', 'x'.repeat(501)])(
    'for the reason "%s" is refused before anything is looked at',
    async why => {
      const { flow, steps, rows } = staged()
      await expect(flow.ask({ ...WISH, statedReason: why })).rejects.toMatchObject({ code: 'input-invalid' })
      expect([steps, rows]).toEqual([[], []])
    },
  )

  it('that is refused by the check is no failed export', async () => {
    const { flow, rows } = staged('check')
    await expect(flow.ask(WISH)).rejects.toBe(BROKEN)
    expect(rows).toEqual([])
  })
})
