/**
 * What a hub has to be told before the virtual hospital can live: its site, certificates for its devices, PINs for those
 * who open controlled drugs, and who is on duty. All of it through the real command line.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { devicesToRenew, siteFile } from './demo-files.ts'
import { isWitness } from './hospital-roles.ts'
import { pinsOf, STAFF } from './hospital-staff.ts'
import { must, type Vigie } from './operator.ts'
import { siteFileText } from './site-text.ts'

/** Each call is a process of its own. */
const AT_ONCE = 2
const SHIFT_MS = 24 * 3_600_000

interface Furniture {
  readonly seed: number
  readonly pins: boolean
  /** The hospital as it comes, whatever somebody changed in its file: scenarios know no other. */
  readonly asItComes: boolean
}

/** @param data the data folder @param pins whether anybody will enter one @returns the folder of certificates */
export async function furnish(data: string, vigie: Vigie, { seed, pins, asItComes }: Furniture): Promise<string> {
  const certs = join(data, 'hospital/certs')
  await mkdir(certs, { recursive: true, mode: 0o700 })
  await must(vigie, ['apply', asItComes ? await freshSiteFile(data) : await siteFile(data)])
  await must(vigie, ['device', 'add', '--declared', '--out', certs])
  for (const id of await devicesToRenew(certs)) await must(vigie, ['device', 'renew', id, '--out', certs])
  if (pins) await givePins(join(data, 'hospital/pins.json'), vigie, seed)
  await beginShifts(vigie)
  return certs
}

async function freshSiteFile(data: string): Promise<string> {
  const file = join(data, 'hospital/scenarios.site.json')
  await writeFile(file, siteFileText())
  return file
}

/** The file says for whom it was done, never what the PINs are. */
async function givePins(file: string, vigie: Vigie, seed: number): Promise<void> {
  const done = `${JSON.stringify({ seed, people: STAFF.filter(isWitness).map(m => m.id) })}\n`
  if ((await textOf(file)) === done) return
  const waiting = STAFF.filter(isWitness)
  const worker = async (): Promise<void> => {
    for (let member = waiting.shift(); member; member = waiting.shift()) {
      const { pin, duress } = pinsOf(seed, member.id)
      await must(vigie, ['pin', 'set', member.id], `${pin}\n${duress}\n`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  await writeFile(file, done)
}

interface Grant {
  readonly person: string
  readonly origin: string
  readonly until: number
}

/** The pharmacy opens to its pharmacists while a shift of theirs is under way: the longest one there is, from now. */
async function beginShifts(vigie: Vigie): Promise<void> {
  const now = Date.now()
  const { answer } = await must(vigie, ['grant', 'list'])
  const lasting = (answer as readonly Grant[]).filter(g => g.origin === 'shift' && g.until > now + SHIFT_MS / 2)
  const until = new Date(now + SHIFT_MS).toISOString()
  for (const { id } of STAFF.filter(m => m.trade === 'pharmacien' && !lasting.some(g => g.person === m.id)))
    await must(vigie, ['grant', 'add', '--person', id, '--origin', 'shift', '--until', until])
}

/** The same again twice a day, for as long as the demo runs. @returns what to clear at its end */
export function keepShifts(vigie: Vigie, onFailure: (error: unknown) => void): NodeJS.Timeout {
  return setInterval(() => void beginShifts(vigie).catch(onFailure), SHIFT_MS / 2)
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
