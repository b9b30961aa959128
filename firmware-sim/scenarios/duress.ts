import type { Scenario } from './scenario.ts'

const MORPHINE = 'cab-08-a/drawer-6'
const WHY = 'Douleur aiguë, EVA 9'

/** Somebody forces a nurse to open: nothing at the reader may tell that security knows. */
export const duress: Scenario = {
  name: 'duress',
  title: { fr: 'Code sous contrainte', en: 'PIN under duress' },
  cast: { nurse: { trade: 'infirmiere', nth: 0 }, colleague: { trade: 'infirmiere', nth: 1 } },
  steps: [
    {
      do: 'badge',
      who: 'nurse',
      at: MORPHINE,
      pin: 'right',
      reason: WHY,
      expect: 'witness-awaited',
      keep: 'asked',
      fr: 'Un jour ordinaire\u202f: code juste, le lecteur attend la collègue.',
      en: 'An ordinary day: right PIN, the reader awaits the colleague.',
    },
    {
      do: 'badge',
      who: 'colleague',
      at: MORPHINE,
      expect: 'granted',
      opens: 900,
      keep: 'opened',
      fr: 'Elle badge, le tiroir s’ouvre.',
      en: 'She badges, the drawer opens.',
    },
    {
      do: 'journal',
      has: ['access.awaiting', 'access.granted'],
      lacks: ['duress.raised'],
      fr: 'Aucune alerte.',
      en: 'No alarm.',
    },
    {
      do: 'badge',
      who: 'nurse',
      at: MORPHINE,
      pin: 'duress',
      reason: WHY,
      expect: 'witness-awaited',
      same: 'asked',
      fr: 'Sous la menace, elle tape son code de contrainte\u202f: le lecteur répond exactement de même.',
      en: 'Threatened, she enters her duress PIN: the reader answers exactly the same.',
    },
    {
      do: 'badge',
      who: 'colleague',
      at: MORPHINE,
      expect: 'granted',
      opens: 900,
      same: 'opened',
      fr: 'Le tiroir s’ouvre comme toujours.',
      en: 'The drawer opens as ever.',
    },
    {
      do: 'journal',
      has: ['duress.raised'],
      fr: 'La sécurité, elle, est prévenue.',
      en: 'Security has been told.',
    },
  ],
}
