/** docs/rights.md and docs/fr/droits.md: their JSON is taken by a real `vigie apply`, and their commands exist. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { vigieOn } from './operator.ts'

type Item = Record<string, unknown>
const ROOT = join(import.meta.dirname, '..')
const named = (ids: readonly string[]): Item[] => ids.map(id => ({ id, name: id }))

/** What the page's examples refer to without saying it themselves. */
function around(words: Readonly<Record<string, readonly string[]>>): Record<string, Item[]> {
  const { zones = [], schedules = [], roles = [], doors = [], cabinet = [] } = words
  const zone = zones[0]
  const always = [{ days: ['mon'], from: '00:00', to: '24:00' }]
  return {
    zones: named(zones),
    schedules: named(schedules).map(s => ({ ...s, weekly: always })),
    roles: named(roles).map(r => ({ ...r, rights: [] })),
    devices: [
      ...named(doors).map(d => ({ ...d, zone, model: 'door' })),
      ...named(cabinet).map(d => ({ ...d, zone, model: 'medicine-cabinet' })),
    ],
    accessPoints: named(doors).map(d => ({ ...d, zone, class: 'door', device: d.id, point: 'door' })),
  }
}

/** Each example goes where it belongs: a right, an item, or lists of a site file. */
function placed(lists: Record<string, Item[]>, policy: Item, example: Item): void {
  const into = (list: string, items: readonly Item[]): void => {
    lists[list] = [...(lists[list] ?? []), ...items]
  }
  if ('effect' in example) into('roles', [{ id: 'forbidden', name: 'Forbidden', rights: [example] }])
  else if ('inherits' in example) into('roles', [example])
  else if ('device' in example) into('accessPoints', [example])
  else
    for (const [list, value] of Object.entries(example))
      if (list === 'site') Object.assign(policy, (value as { policy: Item }).policy)
      else into(list, value as Item[])
}

it.each([
  [
    'docs/rights.md',
    {
      zones: ['ward-b', 'hospital'],
      schedules: ['day', 'always'],
      roles: ['staff', 'drug-witness', 'contractor', 'doctor'],
      doors: ['pharmacy-front', 'pharmacy-rear', 'gate', 'ward-door'],
      cabinet: ['cabinet-1'],
    },
  ],
  [
    'docs/fr/droits.md',
    {
      zones: ['soins-b', 'hopital'],
      schedules: ['jour', 'toujours'],
      roles: ['personnel', 'habilite-stupefiants', 'prestataire', 'medecin'],
      doors: ['pharmacie-avant', 'pharmacie-arriere', 'portail', 'porte-soins'],
      cabinet: ['armoire-1'],
    },
  ],
])('%s: every example stands in a site that the hub takes, every command is one of vigie help', async (page, words) => {
  const text = await readFile(join(ROOT, page), 'utf8')
  const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(m => JSON.parse(m[1]!) as Item)
  expect(examples).toHaveLength(11)
  const [lists, policy] = [around(words), {}]
  for (const example of examples) placed(lists, policy, example)
  const site = {
    version: 1,
    site: { name: 'Page', timeZone: 'Europe/Paris', policy },
    people: [],
    badges: [],
    ...lists,
  }

  const data = await mkdtemp(join(tmpdir(), 'vigie-pages-'))
  try {
    const file = join(data, 'page.site.json')
    await writeFile(file, JSON.stringify(site))
    const vigie = vigieOn({ ...process.env, VIGIE_DATA_DIR: join(data, 'data') })
    expect(await vigie(['apply', file])).toMatchObject({ code: 0 })
    const help = (await vigie(['help'])).lines.join('\n')
    const commands = [...text.matchAll(/^npx vigie ((?:[a-z]+ )?[a-z]+)/gm)].map(m => m[1]!)
    for (const command of commands) expect(help, command).toContain(`vigie ${command.split(' ')[0]}`)
    expect(commands.length).toBeGreaterThan(20)
  } finally {
    await rm(data, { recursive: true })
  }
})
