/**
 * What is going on beside the rights: a second person awaited, a lockdown, who is inside, an emergency opening. Plain rows
 * by kind and key, kept in memory for deciding and on disk in the same commit as the journal row that tells of them, so
 * that a restart finds every situation as it stood. Subjects are pseudonyms. Times are milliseconds since 1970, UTC.
 */

/** One kind of row each: what its key is, and its value. Values are JSON. */
export interface SituationRows {
  /** Key: `device/point` of the reader. The first of two people has badged; the second is awaited. */
  readonly witness: {
    readonly person: string
    readonly credential: string
    readonly accessPoint: string
    readonly since: number
    /** Exclusive. */
    readonly until: number
    /** What the first badge message brought, for the decision that the second one completes. */
    readonly pin?: PinFact
    readonly statedReason?: string
    readonly reference?: Reference
  }
  /** Key: person. Where a person was last seen to go. */
  readonly position: { readonly zone: string; readonly since: number; readonly accessPoint: string }
  /** Key: person. Let through a door that tells whether it was opened, and not seen to open it yet: a place is kept. */
  readonly passage: { readonly accessPoint: string; readonly to: string; readonly until: number }
  /** Key: access point of a man-trap. Open, or released until then. */
  readonly door: { readonly open: boolean; readonly releasedUntil: number }
  /** Key: lockdown plan. */
  readonly lockdown: { readonly since: number; readonly until: number; readonly by: string }
  /** Key: evacuation plan. `releasing` is false after a restart, until a person says to release again. */
  readonly evacuation: { readonly since: number; readonly by: string; readonly releasing: boolean }
  /** Key: `plan/person`. Accounted for during an evacuation: at a muster reader, or by an operator. */
  readonly mustered: { readonly at: number; readonly accessPoint?: string; readonly by?: string }
  /** Key: `person/accessPoint`. An emergency opening that is running. */
  readonly 'break-glass': { readonly id: string; readonly since: number; readonly until: number }
  /** Key: person. When that person last broke the glass, within 24 h. */
  readonly uses: { readonly at: readonly number[] }
  /** Key: id of the emergency opening. Stays until a second person closes it with a finding. */
  readonly review: {
    readonly person: string
    readonly accessPoint: string
    readonly zone: string
    readonly at: number
    readonly dueAt: number
    /** How often it was called overdue. */
    readonly escalations: number
    /** What the badge holder stated. */
    readonly statedReason: string
  }
  /** Key: credential. Wrong PINs in a row with a valid badge. */
  readonly pin: { readonly wrong: number; readonly lastAt: number; readonly lockedUntil: number }
}
export type SituationKind = keyof SituationRows
/** `value` undefined: the row goes. */
export type SituationChange = {
  [K in SituationKind]: { readonly kind: K; readonly key: string; readonly value?: SituationRows[K] }
}[SituationKind]

/** What deciding may look at. */
export type Situations = { readonly [K in SituationKind]: ReadonlyMap<string, SituationRows[K]> }

/** What the hub found of a PIN that came with a badge; duress opens like the right one, and tells security. */
export type PinFact = 'right' | 'wrong' | 'duress' | 'unset'
export interface Reference {
  readonly kind: 'patient' | 'prescription'
  readonly id: string
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>()
export const SITUATION_KINDS = [
  'witness',
  'position',
  'passage',
  'door',
  'lockdown',
  'evacuation',
  'mustered',
  'break-glass',
  'uses',
  'review',
  'pin',
] as const satisfies readonly SituationKind[]
/** Nothing is going on. */
export const CALM: Situations = {
  witness: NONE,
  position: NONE,
  passage: NONE,
  door: NONE,
  lockdown: NONE,
  evacuation: NONE,
  mustered: NONE,
  'break-glass': NONE,
  uses: NONE,
  review: NONE,
  pin: NONE,
}

/** The same with these changes made, in their order; what is given stays as it is. */
export function applied(situations: Situations, changes: readonly SituationChange[]): Situations {
  const next: Record<string, ReadonlyMap<string, unknown>> = { ...situations }
  const copied = new Map<SituationKind, Map<string, unknown>>()
  for (const { kind, key, value } of changes) {
    const rows = copied.get(kind) ?? new Map<string, unknown>(situations[kind])
    copied.set(kind, rows)
    next[kind] = rows
    if (value === undefined) rows.delete(key)
    else rows.set(key, value)
  }
  return next as unknown as Situations
}
