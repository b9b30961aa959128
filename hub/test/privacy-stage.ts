/** A hospital ward's worth of people and rows, with somebody in it who will ask to be erased; and privacy as the command line has it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Site } from '../access/site.ts'
import type { VigieEvent } from '../events.ts'
import { openDatabase } from '../record/database.ts'
import { makePin } from '../record/pins.ts'
import { privacyActs } from '../wiring/privacy-acts.ts'
import { privacyIn } from '../wiring/privacying.ts'
import { searchingIn } from '../wiring/searching.ts'
import { smallSite } from './small-site.ts'
import { NOON, Stage } from './stage.ts'

export const DAY = 86_400_000
/** Hélène asks. What a byte scan looks for: her names, her id, her badges' numbers, what she wrote. */
export const PERSON = 'helene-marchand-0417'
export const NAME = 'Hélène Marchand-Dubreuil'
export const OLD_NAME = 'Hélène Dubreuil'
export const UIDS = ['04C0FFEE11', '04C0FFEE22']
export const WORDS = 'Perfusion oubliée par mégarde chez Madame Z'
export const TRACES = [NAME, OLD_NAME, 'Marchand-Dubreuil', PERSON, ...UIDS, 'mégarde', 'megarde', 'Schicksalstag']

export function wardSite(names = NAME): Site {
  const site = smallSite()
  for (let i = 0; i < 300; i++) {
    const id = `person-${(i * 7_919) % 10_007}`
    site.people.push({ id, name: `Prénom${i} Nom${i * 31}`, roles: ['nurse'] })
    site.badges.push({ uid: `04${(0xb0000000 + i * 65_537).toString(16).toUpperCase()}`, person: id, status: 'active' })
  }
  site.people.splice(150, 0, { id: PERSON, name: names, roles: ['nurse', 'night-nurse'] })
  for (const uid of UIDS) site.badges.splice(140, 0, { uid, person: PERSON, status: 'active' })
  return site
}

export class PrivacyStage {
  readonly stage: Stage
  now = NOON
  seq = 0

  private constructor(stage: Stage) {
    this.stage = stage
  }

  static async open(): Promise<PrivacyStage> {
    const stage = await Stage.open()
    await stage.apply(wardSite(OLD_NAME))
    await stage.apply(wardSite())
    return new PrivacyStage(stage)
  }

  get dir(): string {
    return this.stage.folder.dir
  }

  acts() {
    const { db, folder } = this.stage
    const forget = async (): Promise<void> => {
      const index = searchingIn(folder, db)
      await index.catchUp(undefined)
      index.close()
    }
    return privacyActs({
      dataDir: folder.dir,
      db,
      op: (name, args) => this.stage.op(name, args) as never,
      looking: privacyIn(openDatabase(folder, { readonly: true })),
      onErased: [forget],
      onUncleaned: () => {
        throw new Error('not cleaned')
      },
      now: () => this.now,
    })
  }

  p(id = PERSON): string {
    return this.stage.pseudonym('person', id)
  }

  granted(person: string, badge: string, place: 'drugs' | 'medicines' | 'ward-door', more: object = {}): VigieEvent {
    const seq = ++this.seq
    const of = { drugs: 'controlled-drugs', medicines: 'medicines', 'ward-door': 'door' }[place]
    return {
      ...{ kind: 'access.granted', device: 'cabinet-1', message: `m${seq}`, deviceSeq: seq, deviceAt: NOON },
      ...{ point: 'drawer-1', accessPoint: place, zone: 'pharmacy', class: of, rights: 1 },
      ...{
        person: this.p(person),
        credential: this.stage.pseudonym('badge', badge),
        command: `c${seq}`,
        unlockMs: 5_000,
      },
      ...{ via: { kind: 'rule', role: 'nurse', right: 0 }, ...more },
    } as VigieEvent
  }

  async append(at: number, events: readonly VigieEvent[]): Promise<void> {
    await Promise.all(events.map(event => this.stage.journal.append({ at, event })))
  }

  /** Rows of many people over time, hers among them, some with her words; a PIN, a grant, a search, copies that lie about. */
  async fill({ drugs = false }: { drugs?: boolean } = {}): Promise<void> {
    const people = wardSite()
      .people.slice(3)
      .map(p => p.id)
    const badgeOf = new Map(wardSite().badges.map(b => [b.person, b.uid]))
    for (let day = 30; day > 0; day--) {
      const rows = people.slice(day * 5, day * 5 + 60).map(p => this.granted(p, badgeOf.get(p) ?? '', 'ward-door'))
      rows.push(this.granted(PERSON, UIDS[day % 2] ?? '', 'medicines', { statedReason: WORDS }))
      rows.push({ kind: 'readings', messages: [] })
      await this.append(this.now - day * DAY, rows)
    }
    if (drugs)
      await this.append(this.now - DAY, [
        this.granted(PERSON, UIDS[0] ?? '', 'drugs', { statedReason: 'x'.repeat(300) }),
      ])
    this.stage.op('setPin', {
      ...{ at: NOON, person: PERSON, record: await makePin('2947') },
      event: { kind: 'pin.set', person: this.p(), by: 'cli:test' },
    })
    this.stage.grant({ person: PERSON })
    const search = { id: 's1', name: `Was am Schicksalstag geschah`, filter: { person: PERSON } }
    this.stage.op('saveSearch', { operator: 'o-1', search })
    mkdirSync(join(this.dir, 'exports'), { recursive: true })
    writeFileSync(join(this.dir, 'exports', 'e-1.csv'), `1;${NAME};${UIDS[0]}\n`)
    writeFileSync(join(this.dir, 'spool.bad.jsonl'), `{"event":{"statedReason":"${WORDS}\n`)
    const index = searchingIn(this.stage.folder, this.stage.db)
    await index.catchUp(undefined)
    index.close()
  }

  close(): Promise<void> {
    return this.stage.close()
  }
}
