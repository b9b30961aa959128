import type { CapabilityGroup } from '../capabilities.ts'
import type { Capability, Role } from '../contract.ts'

/** What one may do, in words; and the page that says who may do what. */
export interface RoleWords
  extends Record<
    | 'title'
    | 'sub'
    | 'separation'
    | 'capability'
    | 'shown'
    | 'yes'
    | 'no'
    | 'secondFactor'
    | 'required'
    | 'optional'
    | 'longest'
    | 'failed'
    | 'own'
    | 'zoned'
    | 'zonedToken'
    | 'secondFactorNeeded'
    | 'refusedTitle'
    | 'refusedNext'
    | 'refusedHome'
    | 'refusedRoles',
    string
  > {
  /** What one may do, as an infinitive. */
  readonly capabilities: Readonly<Record<Capability, string>>
  readonly groups: Readonly<Record<CapabilityGroup, string>>
  /** What a role is for, in a sentence. */
  readonly about: Readonly<Record<Role, string>>
  /** `« Opérateurs » demande de pouvoir gérer les comptes. Votre compte (Auditeur) ne le permet pas.` */
  refused(page: string, needed: string, role: string): string
  /** `8 h` */
  hours(n: number): string
}
