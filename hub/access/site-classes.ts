/** Classes of access points, and which way each fails. */
import { type Static, Type } from '#devices/schema.ts'

/**
 * Failure modes. `secure`: without a durable journal row it stays shut. `open-with-alarm`: it opens all the same, spools
 * what happened and raises an alarm. Egress never depends on either.
 */
export const FailureMode = Type.Enum(['secure', 'open-with-alarm'])
export type FailureMode = Static<typeof FailureMode>

/** What may be behind a point, and how that kind of thing fails unless the point says otherwise. */
export const CLASSES = {
  'controlled-drugs': { failureMode: 'secure', fixed: true, grantHours: 12, fr: 'Stupéfiants', en: 'Controlled drugs' },
  medicines: { failureMode: 'secure', fixed: false, grantHours: 24, fr: 'Médicaments', en: 'Medicines' },
  'it-equipment': {
    failureMode: 'secure',
    fixed: false,
    grantHours: 2160,
    fr: 'Matériel informatique',
    en: 'IT equipment',
  },
  records: { failureMode: 'secure', fixed: false, grantHours: 168, fr: 'Dossiers', en: 'Records' },
  door: { failureMode: 'open-with-alarm', fixed: false, grantHours: 8760, fr: 'Porte', en: 'Door' },
  'escape-door': {
    failureMode: 'open-with-alarm',
    fixed: true,
    grantHours: 8760,
    fr: 'Issue de secours',
    en: 'Escape door',
  },
  'crash-cart': {
    failureMode: 'open-with-alarm',
    fixed: true,
    grantHours: 8760,
    fr: 'Chariot d’urgence',
    en: 'Crash cart',
  },
} as const satisfies Record<
  string,
  {
    failureMode: FailureMode
    fixed: boolean /** Longest temporary grant, unless the policy says otherwise. */
    grantHours: number
    fr: string
    en: string
  }
>
export type PointClass = keyof typeof CLASSES
export const PointClassSchema = Type.Enum(Object.keys(CLASSES) as PointClass[])
