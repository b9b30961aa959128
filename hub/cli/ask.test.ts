import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askedSite } from '../access/testing/asked-site.ts'
import { isVigieError, type Language } from '../errors.ts'
import { NOON, Stage } from '../test/stage.ts'
import * as ask from './ask.ts'

let stage: Stage
let seq: number
let c: ask.AskContext
beforeAll(async () => {
  stage = await Stage.open()
  const rights = await stage.apply(askedSite())
  const { snapshot } = stage.registry()
  const { credential, holder } = snapshot.badges.get('04AA0001')!
  const event = {
    kind: 'access.denied',
    device: 'cabinet-1',
    message: 'm1',
    deviceSeq: 1,
    deviceAt: NOON,
    point: 'drawer-1',
    accessPoint: 'drugs',
    zone: 'pharmacy',
    person: holder.person,
    credential,
    reason: 'lockdown',
    because: 'red',
    rights,
  } as const
  seq = (await stage.journal.append({ event, at: NOON })).seq
  c = { db: stage.db, now: () => NOON + 60_000, op: (name, args) => stage.op(name, args) }
})
afterAll(() => stage.close())

async function printed(
  run: (out: Parameters<typeof ask.unused>[2]) => Promise<void>,
  language: Language,
  json = false,
) {
  const lines: string[] = []
  await run({ language, json, line: text => lines.push(text), result: () => undefined })
  return lines.join('\n')
}
const failure = async (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    error => (isVigieError(error) ? error.code : error),
  )
const file = (name: string, value: unknown): string => {
  const path = join(stage.folder.dir, name)
  writeFileSync(path, JSON.stringify(value))
  return path
}

describe('the command line', () => {
  it('tells why in plain words: the journal’s reason, what the rights say, and each rule', async () => {
    const text = await printed(out => ask.why(c, [String(seq)], {}, out), 'fr')
    expect(text).toContain(`#${seq}  10/06/2026 10:00  Anna (anna)  Drugs`)
    expect(text).toContain('Journal\u202f: confinement en cours (red)')
    expect(text).toContain('! Ce motif vient de la situation du moment')
    expect(text).toMatch(/^ {4}x /m)
    const found = await printed(out => ask.why(c, [], { person: 'anna', at: '10:00' }, out), 'en')
    expect(found).toContain('Journal: lockdown (red)')
    expect(await printed(out => ask.why(c, [], { person: 'bela', at: '10:00' }, out), 'en')).toContain('No badge event')
  })

  it('tells who and what, and hands programs the same answer as JSON', async () => {
    const who = await printed(out => ask.who(c, ['drugs'], { at: '2026-12-25 03:00' }, out), 'en')
    expect(who).toMatch(/Dora \(dora\) +Charge nurse +PIN, a second person \(Nurse\) within 30 s/)
    expect(who).toMatch(/Émil \(emil\) +forbidden by a rule \(barred\/0\)/)
    const may = await printed(out => ask.may(c, ['dora'], {}, out), 'fr')
    expect(may).toMatch(/Medicines +oui +Nurse, hérité par Charge nurse +lun\.–ven\. 07:00–19:00/)
    const json = JSON.parse(await printed(out => ask.who(c, ['drugs'], {}, out), 'fr', true))
    expect(json).toMatchObject({ accessPoint: { id: 'drugs' }, keptOut: expect.any(Array) })
  })

  it('simulates an item from a file, an item taken away, and a whole site file', async () => {
    const nurse = { id: 'nurse', name: 'Nurse', rights: [{ accessPoint: 'drugs', schedule: 'always' }] }
    const item = file('nurse.json', nurse)
    const counted = async (args: string[], o: ask.AskOptions) =>
      JSON.parse(await printed(out => ask.simulate(c, args, o, out), 'en', true))
    expect(await counted(['role', 'nurse'], { file: item })).toMatchObject({ events: 1, gained: 1 })
    const site = { ...askedSite(), roles: askedSite().roles.map(r => (r.id === 'nurse' ? nurse : r)) }
    expect(await counted([file('site.json', site)], { days: '1' })).toMatchObject({ days: 1, gained: 1 })
    expect(await counted(['interlock', 'none'], { file: item }).catch(e => e.code)).toBe('input-invalid')
    const words = await printed(out => ask.simulate(c, ['role', 'nurse'], { file: item }, out), 'fr')
    expect(words).toContain('1 passages en 30 jours\u202f: 0 seraient refusés, 1 acceptés')
    expect(words).toMatch(/Anna \(anna\) +Drugs +-0 \+1 ~0 +#\d+ aucun droit ici -> Accordé/)
    expect(stage.registry().site.roles.find(r => r.id === 'nurse')?.rights).toHaveLength(2)
  })

  it('lists what nobody used with the command that withdraws it', async () => {
    const text = await printed(out => ask.unused(c, { days: '90' }, out), 'en')
    expect(text).toContain('! The journal reaches back to 2026-06-10 only.')
    expect(text).toMatch(/Nurse +Door, Medicines in Ward \(Day\) +vigie item put role nurse {2}\/rights\/0/)
    expect(text).toMatch(/Anna \(anna\) +Nurse +vigie item put person anna {2}\/roles\/0/)
  })

  it('writes down who read', () => {
    const reads = stage.events().filter(e => e.kind === 'journal.read')
    expect(reads.length).toBeGreaterThan(3)
    for (const read of reads) expect(read).toMatchObject({ by: expect.stringMatching(/^cli:./) })
  })

  it('refuses a wrong call before it reads anything', async () => {
    const before = stage.events().length
    const out = { language: 'en', json: false, line: () => undefined, result: () => undefined } as const
    const calls = [
      ask.why(c, [], {}, out),
      ask.why(c, ['x'], {}, out),
      ask.why(c, [], { person: 'anna' }, out),
      ask.why(c, [], { person: 'anna', at: '10:00', minutes: '721' }, out),
      ask.who(c, [], {}, out),
      ask.may(c, [], {}, out),
      ask.simulate(c, ['role', 'nurse'], {}, out),
      ask.simulate(c, [], {}, out),
      ask.unused(c, { days: '0' }, out),
    ]
    expect(await Promise.all(calls.map(failure))).toEqual(calls.map(() => 'usage'))
    expect(stage.events()).toHaveLength(before)
  })

  it('explains each command in both languages', () => {
    for (const language of ['fr', 'en'] as const)
      for (const name of ['why', 'who', 'may', 'simulate', 'unused'])
        expect(ask.ASK_HELP[language]).toContain(`vigie ${name} `)
  })
})
