import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askedSite } from '../access/testing/asked-site.ts'
import { isVigieError, type Language } from '../errors.ts'
import { NOON, Stage } from '../test/stage.ts'
import * as ask from './ask.ts'
import { directQuestions } from './direct-desk.ts'

let stage: Stage
let seq: number
const asking = (folder: ask.AskContext): ask.AskContext & ask.Asked => ({
  ...folder,
  questions: directQuestions(folder),
})
let c: ReturnType<typeof asking>
beforeAll(async () => {
  stage = await Stage.open()
  const red = { id: 'red', name: 'Rouge', zones: ['ward'], rank: 3, revertAfterMinutes: 30 }
  const rights = await stage.apply({ ...askedSite(), lockdownPlans: [red] })
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
  c = asking({ db: stage.db, now: () => NOON + 60_000, op: (name, args) => stage.op(name, args) })
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
const silent = { language: 'en', json: false, line: () => undefined, result: () => undefined } as const
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
    expect(text).toContain('Journal\u202f: confinement en cours (Rouge)')
    expect(text).toContain('! Ce motif vient de la situation du moment')
    expect(text).toContain('x Confinement Rouge (rang 3)\u202f: le rang d’Anna est 0, et')
    expect(text).toMatch(/x Refusé\u202f: confinement en cours\.\n {4}· /)
    const found = await printed(out => ask.why(c, [], { person: 'anna', at: '10:00' }, out), 'en')
    expect(found).toContain('Journal: lockdown (Rouge)')
    expect(await printed(out => ask.why(c, [], { person: 'bela', at: '10:00' }, out), 'en')).toContain('No badge event')
  })

  it('tells who and what, and hands programs the same answer as JSON', async () => {
    const who = await printed(out => ask.who(c, ['drugs'], { at: '2026-12-25 03:00' }, out), 'en')
    expect(who).toMatch(
      /Dora \(dora\) +Charge nurse +PIN \(no PIN on record yet\), a second person \(Nurse\) within 30 s/,
    )
    expect(who).toMatch(/Émil \(emil\) +forbidden by a rule \(barred\/0\)/)
    expect(who).toContain('! Another time than now: by rights alone')
    const may = await printed(out => ask.may(c, ['dora'], {}, out), 'fr')
    expect(may).toMatch(/Medicines +oui +Nurse, hérité par Charge nurse +lun\.–ven\. 07:00–19:00/)
    const json = JSON.parse(await printed(out => ask.who(c, ['drugs'], {}, out), 'fr', true))
    expect(json).toMatchObject({ accessPoint: { id: 'drugs' }, keptOut: expect.any(Array) })
  })

  it('counts what stands now where no time is named, and says what it does not count where one is', async () => {
    const going = await Stage.open()
    await going.apply({
      ...askedSite(),
      lockdownPlans: [{ id: 'red', name: 'Confinement rouge', zones: ['ward'], rank: 3, revertAfterMinutes: 30 }],
    })
    const value = { since: NOON, until: NOON + 3_600_000, by: 'cli:test' }
    going.op('act', {
      at: NOON,
      situations: [{ kind: 'lockdown', key: 'red', value }],
      events: [{ kind: 'lockdown.started', plan: 'red', by: 'cli:test' }],
    })
    const at = asking({ db: going.db, now: () => NOON + 60_000, op: (name, args) => going.op(name, args) })
    const now = await printed(out => ask.who(at, ['medicines'], {}, out), 'fr')
    expect(now).toMatch(/Peuvent ouvrir\u202f:\n {2}aucun\n/)
    expect(now).toMatch(/Anna \(anna\) +confinement en cours \(Confinement rouge\)\n/)
    expect(now).toContain('! Compte ce qui a lieu\u202f: Confinement rouge, depuis le 10/06/2026 10:00.')
    const may = await printed(out => ask.may(at, ['anna'], {}, out), 'en')
    expect(may).toMatch(/Medicines +lockdown \(Confinement rouge\) +Nurse/)
    const later = await printed(out => ask.who(at, ['medicines'], { at: '10:30' }, out), 'en')
    expect(later).toMatch(/Can open it:\n {2}Anna/)
    expect(later).toContain('! Does not count: Lockdown Confinement rouge, since 10 Jun 2026, 10:00.')
    await going.close()
  })

  it('simulates a site file as apply takes it: a badge that is lost stays lost', async () => {
    const lately = await Stage.open()
    const rights = await lately.apply(askedSite())
    const { credential, holder } = lately.registry().snapshot.badges.get('04AA0005')!
    const event = {
      kind: 'access.denied',
      device: 'cabinet-1',
      point: 'drawer-2',
      accessPoint: 'medicines',
      zone: 'pharmacy',
      message: 'm1',
      deviceSeq: 1,
      deviceAt: NOON,
      person: holder.person,
      credential,
      reason: 'badge-lost',
      rights,
    } as const
    await lately.journal.append({ event, at: NOON })
    const at: ask.AskContext = { db: lately.db, now: () => NOON + 60_000, op: (name, args) => lately.op(name, args) }
    const site = askedSite()
    const badges = site.badges.map(b => (b.uid === '04AA0005' ? { ...b, status: 'active' } : b))
    const old = file('old.json', { ...site, badges })
    const text = await printed(out => ask.simulate(at, [old], { days: '1' }, out), 'en', true)
    expect(JSON.parse(text)).toMatchObject({ events: 1, same: 1, gained: 0 })
    await lately.close()
  })

  it('tells where a file is not JSON', async () => {
    const path = join(stage.folder.dir, 'broken.json')
    writeFileSync(path, '{\n  "id": nurse }')
    const error = await ask.simulate(c, ['role', 'nurse'], { file: path }, { ...silent }).catch(e => e)
    expect([error.code, error.details.line, error.details.column]).toEqual(['site-syntax', 2, 9])
    expect(error.messageIn('fr')).toContain('ce n’est pas du JSON\u202f: attendu\u202f: une valeur')
  })

  it('says of an unknown person what to name, without speaking of a file', async () => {
    const error = await ask.may(c, ['nobody'], {}, { ...silent }).catch(e => e)
    expect(error.messageIn('fr')).toBe('person\u202f: l’identifiant d’une personne existante.')
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
    const out = silent
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
