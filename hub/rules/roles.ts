/**
 * Who may do what: the closed list of capabilities, and the roles they come in. An operator has one role, everywhere or in
 * some zones. Duties are separated: nobody who issues badges or edits rights can look people up in the journal or export it,
 * nobody who erases can issue, and whoever manages accounts can't manage their own (IEC 62443-4-2 CR2.1; ANSSI PA-72).
 */

/** In the order they are shown. */
export const ROLES = ['nurse', 'ward-manager', 'security', 'it', 'auditor', 'data-protection', 'administrator'] as const
export type Role = (typeof ROLES)[number]

const OWN = ['account.own', 'history.own'] as const
const LOOK = ['site.read', 'devices.read', 'events.read', 'health.read', 'situations.read', 'rights.read'] as const
const SETTLE = ['reviews.read', 'reviews.close', 'badges.lost'] as const
const EMERGENCY = ['events.guarded', 'lockdown', 'muster.read'] as const
const RIGHTS = ['badges.issue', 'rights.edit', 'rights.simulate', 'pins.set', 'grants.write', 'devices.enrol'] as const
const CONNECT = ['webhooks.manage', 'stations.manage', 'inventory.read', 'movements.work'] as const
/** What scenarios notice, and what one does about it. */
const ALERTS = ['alerts.read', 'alerts.ack', 'zones.arm', 'maintenance'] as const
const ARRIVALS = ['movements.read', 'movements.file', 'visits.write'] as const

export const CAPABILITIES_OF = {
  nurse: OWN,
  'ward-manager': [...OWN, ...LOOK, ...SETTLE, ...ALERTS, ...ARRIVALS, 'grants.write', 'journal.read'],
  security: [...OWN, ...LOOK, ...SETTLE, ...ALERTS, ...EMERGENCY, 'journal.read', 'visits.write'],
  it: [
    ...[...OWN, ...LOOK, ...RIGHTS, ...CONNECT],
    ...([
      'badges.lost',
      'backups.manage',
      'tokens.manage',
      'approvals.decide',
      'movements.read',
      'alerts.read',
      'alerts.ack',
      'maintenance',
    ] as const),
  ],
  auditor: [
    ...[...OWN, ...LOOK],
    ...([
      'reviews.read',
      'journal.read',
      'journal.people',
      'journal.proof',
      'journal.export',
      'inventory.read',
      'alerts.read',
    ] as const),
  ],
  'data-protection': [
    ...OWN,
    'site.read',
    'health.read',
    'journal.read',
    'journal.proof',
    'privacy.read',
    'privacy.erase',
    'approvals.decide',
  ],
  administrator: [
    ...[...OWN, ...LOOK, ...SETTLE, ...ALERTS, ...EMERGENCY, ...RIGHTS, ...CONNECT, ...ARRIVALS],
    ...(['journal.read', 'operators.manage', 'tokens.manage', 'backups.manage', 'keys.manage'] as const),
    ...(['tenants.manage', 'directory.sync', 'approvals.decide'] as const),
  ],
} as const satisfies Record<Role, readonly string[]>

export type Capability = (typeof CAPABILITIES_OF)[Role][number]

/** Each once, by name. */
export const CAPABILITIES: readonly Capability[] = [
  ...new Set(ROLES.flatMap((role): readonly Capability[] => CAPABILITIES_OF[role])),
].sort()

export const can = (role: Role, capability: Capability): boolean =>
  (CAPABILITIES_OF[role] as readonly Capability[]).includes(capability)

export const isCapability = (text: string): text is Capability => (CAPABILITIES as readonly string[]).includes(text)

/**
 * What can be done zone by zone. Everything else is about the whole site (people, badges, accounts, keys, exports), and
 * whoever's role counts in some zones only gets none of it: no way out of a zone by editing what zones are made of.
 */
const BY_ZONE: ReadonlySet<Capability> = new Set<Capability>([
  ...[...OWN, ...LOOK, ...SETTLE, ...ALERTS, ...EMERGENCY, ...ARRIVALS],
  ...(['grants.write', 'journal.read', 'journal.people', 'journal.proof'] as const),
])

/** What somebody with this role may do. @param zones that the role counts in; absent: everywhere */
export const capabilitiesOf = ({ role, zones }: { readonly role: Role; readonly zones?: readonly string[] }) =>
  (CAPABILITIES_OF[role] as readonly Capability[]).filter(one => zones === undefined || BY_ZONE.has(one))

export const mayOperator = (
  { role, zones }: { readonly role: Role; readonly zones?: readonly string[] },
  capability: Capability,
): boolean => can(role, capability) && (zones === undefined || BY_ZONE.has(capability))

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)

/** What a program may never do in an operator's name, whatever its token says: anything that makes or ends ways in. */
const NEVER_BY_TOKEN: ReadonlySet<Capability> = new Set<Capability>([
  'account.own',
  'operators.manage',
  'tokens.manage',
  'keys.manage',
  'privacy.erase',
  'tenants.manage',
  'stations.manage',
  'approvals.decide',
])
export const byToken = (capability: Capability): boolean => !NEVER_BY_TOKEN.has(capability)

/** What takes a person with an account, and is not for a command line, whoever sits at it. */
const NEVER_BY_COMMAND_LINE: ReadonlySet<Capability> = new Set<Capability>([
  ...OWN,
  ...(['reviews.close', 'approvals.decide'] as const),
])
/** On the hub's own machine, by whoever may open its data folder: the capabilities of every role but these. */
export const byCommandLine = (capability: Capability): boolean => !NEVER_BY_COMMAND_LINE.has(capability)

/** Of which nobody may hold both. */
export const SEPARATED: readonly (readonly [Capability, Capability])[] = [
  ['badges.issue', 'journal.export'],
  ['badges.issue', 'journal.people'],
  ['rights.edit', 'journal.export'],
  ['badges.issue', 'privacy.erase'],
  ['operators.manage', 'journal.export'],
  ['operators.manage', 'privacy.erase'],
]

/** Roles that get nowhere without a second factor or a passkey, whatever the site says. */
export const ALWAYS_TWO_FACTORS: readonly Role[] = ['it', 'auditor', 'data-protection', 'administrator']

const HOUR_MS = 3_600_000
/** From sign-in to its end, whatever happens (OWASP ASVS 5, 7.3.2). A shift for who watches, half a day for who decides. */
export const LONGEST_SESSION_MS: Readonly<Record<Role, number>> = {
  nurse: 12 * HOUR_MS,
  'ward-manager': 12 * HOUR_MS,
  security: 12 * HOUR_MS,
  it: 8 * HOUR_MS,
  auditor: 8 * HOUR_MS,
  'data-protection': 8 * HOUR_MS,
  administrator: 8 * HOUR_MS,
}
/** How long a fresh second factor counts for what asks for one (OWASP ASVS 5, 7.5.3). */
export const STEP_UP_MS = 5 * 60_000
