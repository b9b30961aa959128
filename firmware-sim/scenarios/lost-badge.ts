import { SPARE_BADGE } from '../hospital-staff.ts'
import type { Scenario } from './scenario.ts'

/** A nurse's spare badge is gone: one call, and it opens nothing anywhere. */
export const lostBadge: Scenario = {
  name: 'lost-badge',
  title: { fr: 'Badge perdu', en: 'Lost badge' },
  cast: { spare: { person: SPARE_BADGE.person, uid: SPARE_BADGE.uid } },
  steps: [
    {
      do: 'badge',
      who: 'spare',
      at: 'gate-west/door',
      expect: 'granted',
      opens: 900,
      fr: 'Le badge de rechange ouvre le portail.',
      en: 'The spare badge opens the gate.',
    },
    {
      do: 'badge',
      who: 'spare',
      at: 'cab-15-a/drawer-1',
      emergency: true,
      reason: 'Hypoglycémie sévère',
      expect: 'granted',
      opens: 900,
      fr: 'Une ouverture d’urgence est en cours avec ce badge.',
      en: 'An emergency opening is running on this badge.',
    },
    {
      do: 'vigie',
      run: ['badge', 'lost', '$spare.badge'],
      shows: { person: '$spare' },
      fr: 'Le badge est déclaré perdu\u202f: un seul geste.',
      en: 'The badge is reported lost: one action.',
    },
    {
      do: 'badge',
      who: 'spare',
      at: 'gate-west/door',
      expect: 'badge-lost',
      fr: 'Qui le trouve n’entre pas.',
      en: 'Whoever finds it does not get in.',
    },
    {
      do: 'badge',
      who: 'spare',
      at: 'cab-15-a/drawer-1',
      expect: 'badge-lost',
      fr: 'L’ouverture d’urgence est finie elle aussi.',
      en: 'The emergency opening is over too.',
    },
    {
      do: 'badge',
      who: 'spare',
      at: 'cab-15-a/drawer-1',
      emergency: true,
      reason: 'Encore',
      expect: 'badge-lost',
      fr: 'Le bouton d’urgence n’y change rien.',
      en: 'The emergency button changes nothing.',
    },
    {
      do: 'journal',
      has: ['badge.lost', 'break-glass.ended'],
      fr: 'Le journal dit ce qui a pris fin avec lui.',
      en: 'The journal tells what ended with it.',
    },
  ],
}
