import type { Scenario } from './scenario.ts'

const MORPHINE = 'cab-04-a/drawer-6'

/** Somebody tries PINs with a good badge. */
export const wrongPins: Scenario = {
  name: 'wrong-pins',
  title: { fr: 'Codes faux', en: 'Wrong PINs' },
  cast: { nurse: { trade: 'infirmiere', nth: 2 }, colleague: { trade: 'infirmiere', nth: 3 } },
  steps: [
    ...(['premier', 'deuxième', 'troisième'] as const).map((nth, i) => ({
      do: 'badge' as const,
      who: 'nurse',
      at: MORPHINE,
      pin: 'wrong' as const,
      expect: 'pin-wrong',
      fr: `Un ${nth} code faux.`,
      en: `Wrong PIN number ${i + 1}.`,
    })),
    {
      do: 'journal',
      has: ['pin.alarm'],
      fr: 'Au troisième, une alerte.',
      en: 'The third one raises an alarm.',
    },
    {
      do: 'badge',
      who: 'nurse',
      at: MORPHINE,
      pin: 'right',
      expect: 'witness-awaited',
      while: 'pin-locked',
      fr: 'Même le bon code ne compte pas avant la fin de la pause\u202f; après, si.',
      en: 'Even the right PIN does not count until the pause is over; then it does.',
    },
    {
      do: 'badge',
      who: 'colleague',
      at: MORPHINE,
      expect: 'granted',
      opens: 900,
      fr: 'La collègue badge\u202f: ouvert, et le compte repart de zéro.',
      en: 'The colleague badges: open, and the count begins again.',
    },
  ],
}
