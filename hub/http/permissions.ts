/**
 * Who may do what over HTTP: the closed list. A route names one of these, or `public`; a route that names none keeps the
 * hub from starting, and a permission without roles admits nobody.
 */
import type { OperatorRole } from '../api.ts'
import { type EventKind, GUARDED_KINDS } from '../events.ts'
import type { SignedIn } from './sessions.ts'

const EVERY_ROLE: readonly OperatorRole[] = ['administrator', 'security', 'auditor']
/** Who is there when something happens. */
const WATCH: readonly OperatorRole[] = ['administrator', 'security']
/** Who looks into what happened afterwards. */
const AUDIT: readonly OperatorRole[] = ['administrator', 'auditor']
const ADMINISTRATOR: readonly OperatorRole[] = ['administrator']

export const PERMISSIONS = {
  'session.end': EVERY_ROLE,
  'site.read': EVERY_ROLE,
  'devices.read': EVERY_ROLE,
  'events.read': EVERY_ROLE,
  /** Kinds of events that are not for every reader. */
  'events.guarded': WATCH,
  'health.read': EVERY_ROLE,
  'situations.read': EVERY_ROLE,
  /** Lockdowns, evacuations, positions. */
  'situations.act': WATCH,
  'muster.read': WATCH,
  'reviews.read': EVERY_ROLE,
  'reviews.close': WATCH,
  /** Reporting a badge lost only closes. */
  'badges.lost': WATCH,
  grants: ADMINISTRATOR,
  pins: ADMINISTRATOR,
  items: ADMINISTRATOR,
  operators: ADMINISTRATOR,
  'rights.read': EVERY_ROLE,
  'rights.simulate': ['administrator'],
  'journal.search': EVERY_ROLE,
  /** Searching by who it was, or by what somebody wrote. */
  'journal.people': AUDIT,
  'journal.proof': AUDIT,
  'journal.export': AUDIT,
  /** What the journal holds of the person one is oneself. */
  'history.own': EVERY_ROLE,
  privacy: ADMINISTRATOR,
  backups: ADMINISTRATOR,
} as const satisfies Record<string, readonly OperatorRole[]>

/** `public` asks for no sign-in; `device` leaves it to the route, which asks for a one-time code or a client certificate. */
export type Permission = keyof typeof PERMISSIONS | 'public' | 'device'

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: Permission
  }
  interface FastifyRequest {
    /** Set on every route that is neither `public` nor `device`. */
    signedIn: SignedIn | undefined
  }
}

export const isOpen = (permission: Permission): permission is 'public' | 'device' =>
  permission === 'public' || permission === 'device'

export function mayRole(role: OperatorRole, permission: keyof typeof PERMISSIONS): boolean {
  const roles: readonly OperatorRole[] = Object.hasOwn(PERMISSIONS, permission) ? PERMISSIONS[permission] : []
  return roles.includes(role)
}

/** Kinds of events of which this role must not even learn that there was one. */
export const hiddenFrom = (role: OperatorRole): readonly EventKind[] =>
  mayRole(role, 'events.guarded') ? [] : GUARDED_KINDS
