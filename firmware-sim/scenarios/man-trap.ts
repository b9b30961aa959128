import type { Scenario } from './scenario.ts'

/** Two doors of which one is always shut. */
export const manTrap: Scenario = {
  name: 'man-trap',
  title: { fr: 'Sas', en: 'Man-trap' },
  cast: { doctor: { trade: 'medecin', nth: 0 }, guard: { trade: 'securite', nth: 0 } },
  steps: [
    {
      do: 'badge',
      who: 'doctor',
      at: 'door-t15-front/door',
      expect: 'granted',
      while: 'interlock',
      opens: 2_500,
      until: 'opened',
      fr: 'Un médecin ouvre la porte avant de la pharmacie et la tient.',
      en: 'A doctor opens the pharmacy’s front door and holds it.',
    },
    {
      do: 'badge',
      who: 'guard',
      at: 'door-t15-rear/door',
      expect: 'interlock',
      fr: 'Pendant ce temps, la porte arrière ne s’ouvre pour personne.',
      en: 'Meanwhile the rear door opens for nobody.',
    },
    {
      do: 'badge',
      who: 'guard',
      at: 'door-t15-rear/door',
      emergency: true,
      reason: 'Pressé',
      expect: 'break-glass-not-allowed',
      fr: 'Le bouton d’urgence n’y peut rien.',
      en: 'The emergency button does not help.',
    },
    {
      do: 'badge',
      who: 'guard',
      at: 'door-t15-rear/door',
      expect: 'granted',
      while: 'interlock',
      opens: 900,
      fr: 'L’avant refermé et verrouillé, l’arrière s’ouvre.',
      en: 'With the front shut and locked, the rear opens.',
    },
  ],
  afterwards: [['passback', 'reset', '--zone', 't15']],
}
