/** The tables of docs/devices.md and docs/fr/appareils.md that come from the code, between marks that name them. */
import type { PointFamily } from '#devices/define.ts'
import { REFUSALS } from '#devices/messages.ts'
import { REASONS, type Reason } from '../../access/reasons.ts'
import { sortedModels } from './document.ts'
import { EFFECTS, type Effect, REASON_WORDS, REFUSAL_WORDS } from './tables.ts'

export type Language = 'en' | 'fr'
type Row = readonly string[]

const HEADS = {
  models: {
    en: ['model', 'point', 'states it reports', 'quantities it measures', 'commands it takes', 'reads badges'],
    fr: ['modèle', 'point', 'états rapportés', 'grandeurs mesurées', 'ordres acceptés', 'lit les badges'],
  },
  reasons: { en: ['reason', 'words', 'what it means'], fr: ['motif', 'mots', 'ce que cela veut dire'] },
  refusals: { en: ['name', 'when', 'effect'], fr: ['nom', 'quand', 'effet'] },
  effects: { en: ['effect', 'what the device notices'], fr: ['effet', 'ce que l’appareil remarque'] },
} as const
export type TableName = keyof typeof HEADS

const code = (text: string): string => `\`${text}\``
const list = (names: readonly string[]): string => [...new Set(names)].map(code).join(', ')
const YES = { en: 'yes', fr: 'oui' } as const

function pointRow(model: string, p: PointFamily, language: Language): Row {
  const name = p.count === 1 ? code(p.name) : `${code(`${p.name}-1`)} … ${code(`${p.name}-${p.count}`)}`
  const quantities = p.traits.flatMap(t =>
    t.quantities.map(q => `${code(q.name)} ${q.min} … ${q.max}, ${code(q.unit)}`),
  )
  const reads = p.traits.some(t => t.says.includes('badge')) ? YES[language] : ''
  const states = list(p.traits.flatMap(t => t.states))
  return [model, name, states, quantities.join('; '), list(p.traits.flatMap(t => t.actions)), reads]
}

const rows: Readonly<Record<TableName, (language: Language) => Row[]>> = {
  models: language =>
    sortedModels().flatMap(m =>
      m.points.map((p, i) => pointRow(i === 0 ? `${code(m.id)} ${m.label[language]}` : '', p, language)),
    ),
  reasons: language =>
    Object.entries(REASONS).map(([name, words]) => [
      code(name),
      words[language],
      REASON_WORDS[name as Reason][language],
    ]),
  refusals: language =>
    REFUSALS.map(name => [code(name), REFUSAL_WORDS[name][language], REFUSAL_WORDS[name].effects.map(code).join(', ')]),
  effects: language => (Object.keys(EFFECTS) as Effect[]).map(name => [code(name), EFFECTS[name][language]]),
}

/** Columns of equal width, as the project's formatter lays them out. */
export function table(name: TableName, language: Language): string {
  const all = [HEADS[name][language], ...rows[name](language)]
  const widths = HEADS[name][language].map((_, column) => Math.max(3, ...all.map(row => row[column]!.length)))
  const line = (row: Row): string => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const [head, ...body] = all.map(line)
  return [head, line(widths.map(width => '-'.repeat(width))), ...body].join('\n')
}

const MARKED = /(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g

/** The page with its tables as they should be. @throws Error naming a table that does not exist */
export function withTables(page: string, language: Language): string {
  return page.replace(MARKED, (_, begin: string, name: string, end: string) => {
    if (!Object.hasOwn(HEADS, name)) throw new Error(`no table ${name}`)
    return `${begin}${table(name as TableName, language)}\n${end}`
  })
}
