/** Answers about rights, for people at a terminal: one list of lines each, in French or English. */
import type {
  Demand,
  MayAnswer,
  NamedId,
  Obstacle,
  SimulateAnswer,
  UnusedAnswer,
  Way,
  WayInTime,
  WhoAnswer,
  WhyAnswer,
  WhyEvent,
} from '../access/ask.ts'
import { grantWords, instantWords, reasonWords } from '../access/ask-words.ts'
import type { Language, Said } from '../errors.ts'
import { table } from './output.ts'

const N = '\u202f'
/** `words` in one language: the French first. */
const say = (language: Language, fr: string, en: string): string => (language === 'fr' ? fr : en)
const MARKS = { passed: '+', stopped: 'x', noted: '·' } as const
const indented = (text: string): string => text.replace(/^/gm, '  ')
const person = ({ id, name }: NamedId): string => `${name} (${id})`

export function whyLines({ events, timeZone }: WhyAnswer, language: Language): string[] {
  if (events.length === 0) return [say(language, 'Aucun passage de badge à ce moment.', 'No badge event at that time.')]
  return events.flatMap(e => whyEvent(e, timeZone, language))
}

function whyEvent(e: WhyEvent, timeZone: string, language: Language): string[] {
  const where = e.accessPoint?.name ?? `${e.device}/${e.point}`
  const who = e.person ? person(e.person) : say(language, 'badge inconnu', 'unknown badge')
  const second = e.witness ? ` + ${person(e.witness)}` : ''
  return [
    `#${e.seq}  ${instantWords(e.at, timeZone)[language]}  ${who}${second}  ${where}`,
    `  ${say(language, `Journal${N}: ${e.journaled.text.fr}`, `Journal: ${e.journaled.text.en}`)}`,
    `  ${say(language, `Droits de la révision ${e.rights}${N}: ${e.remade.text.fr}`, `Rights of revision ${e.rights}: ${e.remade.text.en}`)}`,
    ...e.notes.map(n => `  ! ${n[language]}`),
    ...e.steps.map(s => `    ${MARKS[s.outcome]} ${s.text[language]}`),
  ]
}

export function whoLines(a: WhoAnswer, language: Language): string[] {
  const { accessPoint, at, timeZone, may, breakGlass, keptOut, notes } = a
  const when = instantWords(at, timeZone)[language]
  const rows = may.flatMap(({ person: p, ways }) =>
    ways.map((way, i) => [i === 0 ? person(p) : '', way.text[language], demandsIn(way.demands, language)]),
  )
  return [
    `${accessPoint.name} (${accessPoint.id}), ${accessPoint.zone.name}, ${when}`,
    ...section(say(language, 'Peuvent ouvrir', 'Can open it'), rows, language),
    ...section(
      say(language, 'En urgence, avec un motif (bris de glace)', 'In an emergency, giving a reason (break-glass)'),
      breakGlass.map(b => [person(b.person)]),
      language,
    ),
    ...section(
      say(
        language,
        'Écartés seulement par leur badge, une règle ou ce qui a lieu',
        'Kept out only by their badge, a rule or what is going on',
      ),
      keptOut.map(k => [person(k.person), k.obstacles.map(o => obstacleWords(o, language)).join(', ')]),
      language,
    ),
    ...remarks(notes, language),
  ]
}

/** Which rule forbids is for whoever wants to change it. */
const obstacleWords = ({ reason, because, text }: Obstacle, language: Language): string =>
  reason === 'denied-by-rule' ? `${text[language]} (${because})` : text[language]

const remarks = (notes: readonly Said[], language: Language): string[] =>
  notes.length === 0 ? [] : ['', ...notes.map(n => `! ${n[language]}`)]

function section(title: string, rows: readonly string[][], language: Language): string[] {
  const head = language === 'fr' ? `${title}${N}:` : `${title}:`
  return ['', head, indented(rows.length > 0 ? table(rows) : say(language, 'aucun', 'none'))]
}

/** What is met already is told as such, and what can't be. */
function demandsIn(demands: readonly Demand[], language: Language): string {
  const met = say(language, ' (acquis)', ' (met)')
  const lacks = ({ lacking }: Demand): string => (lacking ? ` (${lacking[language]})` : '')
  return demands.map(d => `${d.text[language]}${d.met ? met : lacks(d)}`).join(', ') || '-'
}

export function mayLines(a: MayAnswer, language: Language): string[] {
  const { person: p, roles, badges, points, breakGlass } = a
  const held = badges.map(
    b => `…${b.end} ${b.obstacle ? b.obstacle.text[language] : say(language, 'valable', 'valid')}`,
  )
  const rows = points.flatMap(point => [
    ...point.ways.map((way, i) =>
      wayRow(i === 0 ? point.accessPoint.name : '', i === 0 ? openWords(point, language) : '', way, language),
    ),
    ...point.forbidden.map(way => [
      '',
      '',
      say(language, `interdit par ${way.text.fr}`, `forbidden by ${way.text.en}`),
      way.when[language],
      '',
    ]),
  ])
  const head =
    language === 'fr'
      ? ['lieu', 'ouvert', 'à quel titre', 'quand', 'conditions']
      : ['place', 'open', 'by', 'when', 'conditions']
  return [
    `${person(p)}  ${roles.map(r => r.name).join(', ')}  ${instantWords(a.at, a.timeZone)[language]}`,
    `${say(language, `Badges${N}:`, 'Badges:')} ${held.join(', ') || reasonWords('badge-missing')[language]}`,
    '',
    table([head, ...rows]),
    ...section(
      say(language, 'En urgence, avec un motif (bris de glace)', 'In an emergency, giving a reason (break-glass)'),
      breakGlass.map(place => [place.name, place.zone.name]),
      language,
    ),
    ...remarks(a.notes, language),
  ]
}

function openWords({ open, obstacle }: MayAnswer['points'][number], language: Language): string {
  if (obstacle) return obstacleWords(obstacle, language)
  return open ? say(language, 'oui', 'yes') : ''
}

const wayRow = (name: string, open: string, way: Way & WayInTime, language: Language): string[] => [
  name,
  open,
  way.text[language],
  way.when[language],
  demandsIn(way.demands, language),
]

const EFFECTS = {
  loses: { fr: 'perd', en: 'loses' },
  gains: { fr: 'gagne', en: 'gains' },
  conditions: { fr: 'autres conditions', en: 'other conditions' },
} as const

export function simulateLines(a: SimulateAnswer, language: Language): string[] {
  const pairs = a.pairs.map(p => [
    person(p.person),
    p.accessPoint.name,
    `-${p.lost} +${p.gained} ~${p.otherwise}`,
    `#${p.first.seq} ${reasonWords(p.first.before)[language]} -> ${reasonWords(p.first.after)[language]}`,
  ])
  const duty = a.onDuty.changes.map(d => [
    person(d.person),
    EFFECTS[d.effect][language],
    d.accessPoint.name,
    d.now ? say(language, 'maintenant', 'now') : say(language, 'pendant le service', 'during the shift'),
  ])
  return [
    say(
      language,
      `${a.events} passages en ${a.days} jours${N}: ${a.lost} seraient refusés, ${a.gained} acceptés, ${a.otherwise} refusés autrement, ${a.same} sans changement, ${a.skipped} sans réponse.`,
      `${a.events} badge events in ${a.days} days: ${a.lost} would be refused, ${a.gained} let in, ${a.otherwise} refused for another reason, ${a.same} unchanged, ${a.skipped} undecidable.`,
    ),
    ...short(a.journalSince, language),
    ...section(say(language, 'Personnes et lieux', 'People and places'), pairs, language),
    ...section(
      say(language, `En service maintenant (${a.onDuty.people})`, `On duty now (${a.onDuty.people})`),
      duty,
      language,
    ),
    ...remarks(a.notes, language),
  ]
}

const short = (since: number | undefined, language: Language): string[] => {
  if (since === undefined) return []
  const date = new Date(since).toISOString().slice(0, 10)
  return [say(language, `! Le journal ne remonte qu’au ${date}.`, `! The journal reaches back to ${date} only.`)]
}

/** Each with the command that withdraws it. */
export function unusedLines(a: UnusedAnswer, language: Language): string[] {
  const rights = a.rights.map(r => [
    r.role.name,
    r.what[language],
    `vigie item put role ${r.role.id}  /rights/${r.right}`,
  ])
  const memberships = a.memberships.map(m => [
    person(m.person),
    m.role.name,
    `vigie item put person ${m.person.id}  /roles/${m.pointer.split('/').at(-1)}`,
  ])
  const grants = a.grants.map(g => [
    person(g.person),
    grantWords(g.origin)[language],
    g.ended ? say(language, `${g.grant}, terminé`, `${g.grant}, ended`) : `vigie grant revoke ${g.grant}`,
  ])
  return [
    say(language, `Inutilisés depuis ${a.days} jours.`, `Not used for ${a.days} days.`),
    ...short(a.journalSince, language),
    ...section(say(language, 'Droits', 'Rights'), rights, language),
    ...section(say(language, 'Rôles de personnes', 'Roles of people'), memberships, language),
    ...section(say(language, 'Accès temporaires', 'Temporary grants'), grants, language),
  ]
}
