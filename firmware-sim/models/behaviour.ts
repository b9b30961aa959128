/** What the electronics and the people around them can do; each model fills in its own part. */
import type { Ack, Badge, CommandMessage, Reading, State } from '#devices/messages.ts'

type Bare<T> = Omit<T, 'id' | 'at' | 'seq'>
/** An up message before it gets its id, time and sequence number. */
export type Saying =
  | { readonly kind: 'badge'; readonly fields: Bare<Badge>; readonly act: BadgeAct }
  | { readonly kind: 'state'; readonly fields: Bare<State> }
  | { readonly kind: 'reading'; readonly fields: Bare<Reading> }
  | { readonly kind: 'ack'; readonly fields: Bare<Ack> }

/** Someone's hand at a lock: opens `afterMs` after it is released and closes `dwellMs` later. Real milliseconds. */
export interface Hand {
  readonly afterMs: number
  readonly dwellMs: number
}

/** What people at a reader still have when it asks for more: what they know, and who stands beside them. */
export interface Offer {
  readonly pin?: string
  readonly reason?: string
  readonly reference?: Badge['reference']
  /** Badge of a colleague. */
  readonly witness?: string
}

/** A badge held to a reader, with what was entered before. */
export interface BadgeAct {
  readonly kind: 'badge'
  readonly point: string
  readonly uid: string
  readonly hand?: Hand
  readonly pin?: string
  readonly reason?: string
  readonly reference?: Badge['reference']
  /** The emergency button. */
  readonly breakGlass?: true
  readonly offer?: Offer
}

/** Something that happens to a device in the physical world. Durations are real milliseconds. */
export type Act =
  | BadgeAct
  | { readonly kind: 'exit'; readonly point: string; readonly hand: Hand }
  | { readonly kind: 'motion'; readonly holdMs: number }
  | { readonly kind: 'daylight'; readonly lux: number }
  | { readonly kind: 'switch'; readonly on: boolean; readonly brightness: number }
  | { readonly kind: 'tamper'; readonly point: string; readonly on: boolean }

/** Seen from outside: what a test or the screen can follow. */
export type Happening =
  | 'online'
  | 'offline'
  | 'power-cut'
  | 'power-on'
  | 'badge'
  | 'badge-offline'
  | 'granted'
  | 'denied'
  | 'unlocked'
  | 'locked'
  | 'opened'
  | 'closed'
  | 'exit'
  | 'motion'
  | 'still'
  | 'light'
  | 'sound'
  | 'tamper'
  | 'command-done'
  | 'command-refused'
  | 'command-repeated'
  | 'command-retained'
  | 'command-malformed'

type Cancel = () => void

/** The rest of the device, as its model sees it. */
export interface Body {
  say(saying: Saying): void
  /** A timer of the electronics: lost when the power goes. */
  after(ms: number, run: () => void): Cancel
  /** A timer of the world around it: people close drawers in a power cut too. */
  later(ms: number, run: () => void): Cancel
  happened(what: Happening, point?: string, detail?: string): void
}

/** `afterwards` runs after the answer was sent: first the acknowledgement, then what changed. */
export interface Answer {
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly detail?: string
  readonly afterwards?: () => void
}

export interface Behaviour {
  /** Says everything about itself: after power-up and after each new connection. */
  report(): void
  /** A command already checked for repetition, expiry and a point of this model. */
  execute(command: CommandMessage): Answer
  perform(act: Act): void
  /** What was only in memory is gone; what is mechanical stays as it is. */
  powerLost(): void
}

export const refused = (detail: string): Answer => ({ outcome: 'refused', detail })

/** What the reader sends of a badge: what was entered, nothing of who stands there. */
export function badgeSaying(act: BadgeAct): Saying {
  const { point, uid, pin, reason, reference, breakGlass } = act
  return {
    kind: 'badge',
    act,
    fields: {
      point,
      credential: { kind: 'uid', uid },
      ...(pin === undefined ? {} : { pin }),
      ...(reason === undefined ? {} : { reason }),
      ...(reference === undefined ? {} : { reference }),
      ...(breakGlass === undefined ? {} : { breakGlass }),
    },
  }
}
