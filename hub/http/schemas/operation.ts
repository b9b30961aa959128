/** What the document says of a route beside what the route itself declares: words, answers, failures, an example. */
import type { TSchema } from '#devices/schema.ts'
import type { ErrorCode, Said } from '../../errors.ts'

/** In the order they are shown. */
export const TAGS = {
  session: { en: 'Signing in', fr: 'Connexion' },
  account: { en: 'One’s own account', fr: 'Son propre compte' },
  operators: { en: 'Operators and roles', fr: 'Opérateurs et rôles' },
  tokens: { en: 'API tokens', fr: 'Jetons d’API' },
  tenants: { en: 'Connected applications', fr: 'Applications connectées' },
  webhooks: { en: 'Outgoing webhooks', fr: 'Webhooks sortants' },
  live: { en: 'Site, devices, events', fr: 'Site, appareils, événements' },
  emergency: { en: 'Emergencies', fr: 'Urgences' },
  access: { en: 'Grants, badges, PINs', fr: 'Accès temporaires, badges, codes PIN' },
  site: { en: 'Site items', fr: 'Éléments du site' },
  rights: { en: 'Questions about rights', fr: 'Questions sur les droits' },
  directory: { en: 'The hospital’s directory (SCIM)', fr: 'L’annuaire de l’établissement (SCIM)' },
  movements: { en: 'Arrivals and departures', fr: 'Arrivées et départs' },
  inventory: { en: 'Who holds what', fr: 'Qui détient quoi' },
  visits: { en: 'Visits', fr: 'Visites' },
  incidents: { en: 'Incidents', fr: 'Incidents' },
  approvals: { en: 'A second operator’s approval', fr: 'Approbation par une seconde personne' },
  series: { en: 'Curves and reports', fr: 'Courbes et bilans' },
  stations: { en: 'Workstations', fr: 'Postes de travail' },
  journal: { en: 'Journal', fr: 'Journal' },
  exports: { en: 'Exports', fr: 'Exports' },
  privacy: { en: 'Privacy', fr: 'Protection des données' },
  hub: { en: 'The hub and its machines', fr: 'Le hub et ses machines' },
} as const satisfies Record<string, Said>
export type Tag = keyof typeof TAGS

/** JSON of this shape; or nothing; or bytes of one of these types. */
export type Answer = TSchema | null | { readonly media: readonly string[]; readonly says: Said }

export interface Example {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Operation {
  /** Unique: the name of the call in a generated client. */
  readonly id: string
  readonly tag: Tag
  /** One sentence. */
  readonly says: Said
  readonly answers: Readonly<Record<number, Answer>>
  /** What it may refuse, beside what every such route may: no session, an input of another shape, and the like. */
  readonly errors?: readonly ErrorCode[]
  /** Of the hospital that `npm run demo` plays. */
  readonly example?: Example
  /** Read while the request is, beside what the route declares: conditions of an edit, a place to go on from. */
  readonly headers?: readonly ('if-match' | 'if-none-match' | 'last-event-id')[]
  /** Its good answers carry the revision to name in If-Match. */
  readonly etag?: true
  /** A body that is read as it comes, and not as JSON. */
  readonly rawBody?: string
  /** RFC 7644: its own media type, its own shape of failures, no 422. */
  readonly scim?: true
}

/** By method and path, as routes are registered. */
export type Operations = Readonly<Record<string, Operation>>
