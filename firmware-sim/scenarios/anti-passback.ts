import type { Scenario } from './scenario.ts'

const IN = 'door-t15-front/door'
const OUT = 'door-t15-rear/door'

/** The pharmacy counts who is inside: nobody enters twice, and three are enough. */
export const antiPassback: Scenario = {
  name: 'anti-passback',
  title: { fr: 'Anti-retour et zone au complet', en: 'Anti-passback and a full zone' },
  cast: {
    doctor: { trade: 'medecin', nth: 0 },
    other: { trade: 'medecin', nth: 1 },
    guard: { trade: 'securite', nth: 0 },
    pharmacist: { person: 'denis-rouviere' },
  },
  steps: [
    {
      do: 'vigie',
      run: ['passback', 'reset', '--zone', 't15'],
      fr: 'La pharmacie est vide.',
      en: 'The pharmacy is empty.',
    },
    {
      do: 'badge',
      who: 'doctor',
      at: IN,
      expect: 'granted',
      opens: 900,
      fr: 'Un médecin entre.',
      en: 'A doctor goes in.',
    },
    {
      do: 'badge',
      who: 'doctor',
      at: IN,
      expect: 'passback',
      fr: 'Le même badge n’entre pas une seconde fois\u202f: quelqu’un l’a peut-être passé par la fenêtre.',
      en: 'The same badge does not enter again: somebody may have passed it back.',
    },
    {
      do: 'badge',
      who: 'guard',
      at: IN,
      expect: 'granted',
      opens: 900,
      fr: 'Un agent de sécurité entre.',
      en: 'A guard goes in.',
    },
    {
      do: 'badge',
      who: 'pharmacist',
      at: IN,
      expect: 'granted',
      opens: 900,
      fr: 'Le pharmacien, en service, entre\u202f: ils sont trois.',
      en: 'The pharmacist, on duty, goes in: there are three of them.',
    },
    {
      do: 'badge',
      who: 'other',
      at: IN,
      expect: 'zone-full',
      fr: 'Pour un quatrième, la zone est au complet.',
      en: 'For a fourth the zone is full.',
    },
    {
      do: 'badge',
      who: 'doctor',
      at: OUT,
      expect: 'granted',
      while: 'interlock',
      opens: 900,
      fr: 'Le médecin sort par l’arrière, dès que la porte avant est verrouillée.',
      en: 'The doctor leaves by the rear as soon as the front door has locked.',
    },
    {
      do: 'badge',
      who: 'other',
      at: IN,
      expect: 'granted',
      while: 'interlock',
      opens: 900,
      fr: 'Il y a de nouveau une place.',
      en: 'There is room again.',
    },
    {
      do: 'vigie',
      run: ['passback', 'reset', '--zone', 't15'],
      shows: { count: 3 },
      fr: 'Un opérateur remet le compte à zéro\u202f: trois personnes étaient comptées.',
      en: 'An operator sets the count to nothing: three people were counted.',
    },
    {
      do: 'journal',
      has: ['passback.reset', 'access.denied'],
      fr: 'Le journal le dit.',
      en: 'The journal tells of it.',
    },
  ],
  afterwards: [['passback', 'reset', '--zone', 't15']],
}
