import { EVACUATION_PLANS } from '../hospital-rules.ts'
import type { Scenario } from './scenario.ts'

const PLAN = 'evacuation-site'
const DOORS = EVACUATION_PLANS.flatMap(plan => plan.release).map(door => `${door}/door`)

/** Everybody out: doors are released, and people are counted at the gate. */
export const evacuation: Scenario = {
  name: 'evacuation',
  title: { fr: 'Évacuation', en: 'Evacuation' },
  cast: {
    doctor: { trade: 'medecin', nth: 0 },
    guard: { trade: 'securite', nth: 0 },
    aide: { trade: 'aide-soignante', nth: 0 },
  },
  steps: [
    {
      do: 'badge',
      who: 'doctor',
      at: 'door-t15-front/door',
      expect: 'granted',
      opens: 900,
      fr: 'Un médecin entre à la pharmacie\u202f: Vigie sait qu’il y est.',
      en: 'A doctor goes into the pharmacy: Vigie knows he is there.',
    },
    {
      do: 'badge',
      who: 'guard',
      at: 'door-t15-front/door',
      expect: 'granted',
      opens: 900,
      fr: 'Un agent de sécurité aussi.',
      en: 'So does a guard.',
    },
    {
      do: 'vigie',
      run: ['evacuation', 'start', PLAN],
      fr: 'Le feu\u202f: l’évacuation est lancée.',
      en: 'Fire: the evacuation is started.',
    },
    {
      do: 'see',
      what: 'unlocked',
      at: DOORS,
      fr: 'Les neuf portes sont libérées.',
      en: 'All nine doors are released.',
    },
    {
      do: 'vigie',
      run: ['evacuation', 'muster', PLAN],
      shows: { inside: [{ id: '$doctor' }, { id: '$guard' }] },
      fr: 'La liste d’appel nomme qui est encore dedans.',
      en: 'The muster list names who is still inside.',
    },
    {
      do: 'badge',
      who: 'doctor',
      at: 'gate-west/door',
      expect: 'granted',
      fr: 'Le médecin badge au portail, point de rassemblement.',
      en: 'The doctor badges at the gate, the assembly point.',
    },
    {
      do: 'badge',
      who: 'aide',
      at: 'gate-west/door',
      expect: 'granted',
      fr: 'Une aide-soignante aussi.',
      en: 'So does a care assistant.',
    },
    {
      do: 'vigie',
      run: ['evacuation', 'safe', PLAN, '$guard'],
      fr: 'L’agent est dehors sans son badge\u202f: un opérateur le compte à la main.',
      en: 'The guard is out without a badge: an operator counts him by hand.',
    },
    {
      do: 'vigie',
      run: ['evacuation', 'muster', PLAN],
      shows: { safe: [{ id: '$doctor' }, { id: '$aide' }, { id: '$guard' }] },
      hides: { inside: [{ id: '$doctor' }] },
      fr: 'Tous les trois sont en sécurité, et personne ne cherche plus le médecin.',
      en: 'All three are safe, and nobody looks for the doctor any more.',
    },
    {
      do: 'vigie',
      run: ['evacuation', 'end', PLAN],
      fr: 'Fin\u202f: chaque serrure retombe d’elle-même.',
      en: 'It is over: each lock falls back by itself.',
    },
    {
      do: 'journal',
      has: ['evacuation.started', 'evacuation.released', 'muster.counted', 'evacuation.ended'],
      fr: 'Le journal garde l’heure de chacun.',
      en: 'The journal keeps everybody’s time.',
    },
  ],
  afterwards: [
    ['evacuation', 'end', PLAN],
    ['passback', 'reset', '--zone', 't15'],
  ],
}
