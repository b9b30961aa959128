import type { Scenario } from './scenario.ts'

const MORPHINE = 'cab-04-a/drawer-6'

/** The morphine drawer: a PIN, and a second person who may. */
export const twoPerson: Scenario = {
  name: 'two-person',
  title: { fr: 'Ouverture à deux', en: 'Two-person opening' },
  cast: {
    nurse: { trade: 'infirmiere', nth: 0 },
    colleague: { trade: 'infirmiere', nth: 1 },
    aide: { trade: 'aide-soignante', nth: 0 },
  },
  steps: [
    {
      do: 'badge',
      who: 'nurse',
      at: MORPHINE,
      expect: 'pin-required',
      fr: 'Une infirmière badge au tiroir de morphine\u202f: le lecteur demande son code.',
      en: 'A nurse badges at the morphine drawer: the reader asks for her PIN.',
    },
    {
      do: 'badge',
      who: 'nurse',
      at: MORPHINE,
      pin: 'right',
      expect: 'witness-awaited',
      fr: 'Avec le code, le lecteur attend une deuxième personne.',
      en: 'With the PIN the reader awaits a second person.',
    },
    {
      do: 'badge',
      who: 'nurse',
      at: MORPHINE,
      pin: 'right',
      expect: 'witness-awaited',
      fr: 'Son propre badge une seconde fois ne compte pas pour deux.',
      en: 'Her own badge a second time does not count for two.',
    },
    {
      do: 'badge',
      who: 'aide',
      at: MORPHINE,
      expect: 'no-right',
      fr: 'Une aide-soignante n’est pas habilitée\u202f: refusée, et l’attente continue.',
      en: 'A care assistant is not authorised: refused, and the waiting goes on.',
    },
    {
      do: 'badge',
      who: 'colleague',
      at: MORPHINE,
      expect: 'granted',
      opens: 900,
      fr: 'Une collègue habilitée badge\u202f: le tiroir s’ouvre au nom de la première.',
      en: 'An authorised colleague badges: the drawer opens in the first one’s name.',
    },
    {
      do: 'badge',
      who: 'nurse',
      at: 'cab-10-a/drawer-5',
      pin: 'right',
      expect: 'reference-required',
      fr: 'Dans le service de soins B, il faut aussi la référence du patient ou de l’ordonnance.',
      en: 'In ward B a patient or prescription reference is needed too.',
    },
    {
      do: 'badge',
      who: 'nurse',
      at: 'cab-10-a/drawer-5',
      pin: 'right',
      reference: { kind: 'prescription', id: 'ord-2026-118' },
      expect: 'witness-awaited',
      fr: 'Avec elle, il ne manque que la deuxième personne.',
      en: 'With it only the second person is missing.',
    },
    {
      do: 'badge',
      who: 'colleague',
      at: 'cab-10-a/drawer-5',
      expect: 'granted',
      opens: 900,
      fr: 'Elle badge\u202f: ouvert.',
      en: 'She badges: open.',
    },
    {
      do: 'journal',
      has: ['access.awaiting', 'access.granted', 'point.opened'],
      fr: 'Le journal garde les deux personnes, et l’attente à part.',
      en: 'The journal keeps both people, and the waiting by itself.',
    },
  ],
}
