/**
 * Workstations: a browser beside a reader, where whoever holds a badge to it and types their PIN is signed in.
 *
 *   badge    granted at that reader: for 30 s it is claimed by whoever stands there; the next badge takes its place, and
 *            ends the session of the one before. The same person's badge again signs them out
 *   PIN      as at doors: three tries for a badge, each wrong one delays the next; a badge signs in once
 *   session  of the one account of that person, for roles that need no second factor; ends after two minutes alone
 *
 * Whoever has no PIN, no account, or a role that asks for more, gets the answer of a wrong PIN, after the same work.
 */
import type { StationInfo } from '../api.ts'
import { causeOf, VigieError } from '../errors.ts'
import type { OperatorEvent, VigieEvent } from '../events.ts'
import type { Account } from './account-ports.ts'
import { refuseEarly } from './attempts.ts'
import type { Entered } from './auth.ts'
import { needsFactor } from './factors.ts'
import type { Accounts, Clock, Log, RecordEvent } from './ports.ts'
import { hashOf, isSecret, newSecret } from './secrets.ts'
import type { Sessions, SignedIn } from './sessions.ts'
import type { BadgeHolders, HeldBadge, PairedStation, StationStore } from './station-ports.ts'
import { networkOf, Throttle } from './throttle.ts'

/** From the badge to the PIN, milliseconds. */
export const CLAIM_MS = 30_000
const TRIES = 3
const YEAR_MS = 365 * 86_400_000
/** A look that waits is answered after so long at the latest, milliseconds. */
const LOOK_MS = 25_000
const MOST_LOOKS = 4
const SWEEP_MS = 500
const USED_MS = 600_000
/** A person's next PIN waits 5 min at worst, whoever has their badge; pairing codes are guessed by nobody. */
const PIN = { free: 0, capMs: 300_000 }
const STATION = { free: 10, capMs: 60_000 }
const CODE = { free: 3, capMs: 300_000 }

interface Claim extends HeldBadge {
  tries: number
  used: boolean
}
interface Here {
  /** Of what its browsers were told last. */
  number: number
  /** The last badge, its claim taken or not. */
  last?: HeldBadge
  claim?: Claim
  session?: { readonly signedIn: SignedIn; readonly badge: HeldBadge; readonly unwatch: () => void }
  readonly looks: Set<() => void>
}

export interface SignedInByBadge extends Omit<Entered, 'station'> {
  readonly station: PairedStation
  readonly badge: HeldBadge
}

export interface StationsNeeds {
  readonly store: StationStore
  readonly holders: BadgeHolders
  readonly accounts: Pick<Accounts, 'byId' | 'signedIn'>
  readonly sessions: Pick<Sessions, 'watch' | 'endAt'>
  /** Never rejects. */
  readonly record: RecordEvent<VigieEvent>
  readonly log: Pick<Log, 'warn'>
  readonly now: Clock
}

export class Stations {
  readonly #needs: StationsNeeds
  readonly #byPerson: Throttle
  readonly #byStation: Throttle
  readonly #byNetwork: Throttle
  /** Access point -> what stands there, for each that was looked at. */
  readonly #here = new Map<string, Here>()
  readonly #noted = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(needs: StationsNeeds) {
    this.#needs = needs
    this.#byPerson = new Throttle(PIN, needs.now)
    this.#byStation = new Throttle(STATION, needs.now)
    this.#byNetwork = new Throttle(CODE, needs.now)
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS).unref()
  }
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const here of this.#here.values()) this.#tell(here)
  }

  /** @param secret what the cookie holds */
  paired(secret: string | undefined): PairedStation | undefined {
    return isSecret(secret) ? this.#needs.store.find(hashOf(secret), this.#needs.now()) : undefined
  }

  /** @returns what the cookie shall hold @throws VigieError station-code-refused, too-many-requests */
  async pair(code: string, address: string): Promise<string> {
    const network = networkOf(address)
    refuseEarly(this.#byNetwork.waitMs(network))
    const delayMs = this.#byNetwork.charge(network)
    const secret = newSecret()
    const expiresAt = this.#needs.now() + YEAR_MS
    const id = await this.#needs.store.pair(hashOf(code.toUpperCase()), hashOf(secret), expiresAt)
    if (id === undefined) throw new VigieError('station-code-refused', { seconds: Math.ceil(delayMs / 1000) })
    this.#byNetwork.refund(network, true)
    return secret
  }

  /** @param seen number of the last answer: waits until there is another, 25 s at most */
  async look(secret: string | undefined, seen: number | undefined): Promise<StationInfo> {
    const station = this.paired(secret)
    if (!station) return { paired: false, number: 0 }
    this.#noteUsed(station.id)
    const here = this.#at(station.accessPoint)
    if (seen === here.number) await this.#change(here)
    // It may have been removed, or its reader moved, in the meantime.
    const still = this.paired(secret)
    return still ? this.#infoOf(still) : { paired: false, number: 0 }
  }

  /** Of every badge that is granted anywhere. */
  badge(badge: HeldBadge): void {
    const here = this.#here.get(badge.accessPoint)
    if (!here || this.#needs.now() - badge.at >= CLAIM_MS) return
    const before = here.session
    if (before) this.#end(here)
    delete here.claim
    here.last = badge
    if (before?.badge.person !== badge.person) here.claim = { ...badge, tries: 0, used: false }
    if (here.claim) here.last = here.claim
    this.#tell(here)
  }

  /** @returns who comes in @throws VigieError station-unpaired, badge-needed, badge-refused, too-many-requests */
  async signIn(secret: string | undefined, pin: string): Promise<SignedInByBadge> {
    const station = this.paired(secret)
    if (!station) throw new VigieError('station-unpaired')
    const here = this.#at(station.accessPoint)
    const claim = this.#claimOf(here)
    if (!claim) throw new VigieError('badge-needed')
    const { person } = claim
    refuseEarly(Math.max(this.#byPerson.waitMs(person), this.#byStation.waitMs(station.id)))
    // Counted before the answer is known: a thousand at once are three tries.
    claim.tries += 1
    if (claim.tries >= TRIES) this.#drop(here, claim)
    const delayMs = Math.max(this.#byPerson.charge(person), this.#byStation.charge(station.id))
    const account = await this.#holderOf(claim, pin)
    if (!account || claim.used || here.last !== claim) return this.#refuse(claim, delayMs)
    claim.used = true
    this.#drop(here, claim)
    this.#byPerson.refund(person, true)
    this.#byStation.refund(station.id, false)
    await this.#needs.record({ kind: 'operator.signed-in', operator: account.id, factor: 'badge' })
    this.#noteSignedIn(account.id)
    return { account, stage: 'in', steppedUp: false, station, badge: claim }
  }

  /** The session that a sign-in made: it ends with the next badge, and the workstation learns when it ends. */
  opened({ accessPoint }: PairedStation, badge: HeldBadge, signedIn: SignedIn): void {
    const here = this.#at(accessPoint)
    if (here.session) this.#end(here)
    const unwatch = this.#needs.sessions.watch(signedIn.session, () => {
      if (here.session?.signedIn === signedIn) delete here.session
      this.#tell(here)
    })
    here.session = { signedIn, badge, unwatch }
    this.#tell(here)
  }

  async #holderOf(claim: Claim, pin: string): Promise<Account | undefined> {
    const { holders, accounts } = this.#needs
    const fact = await holders.pin(claim.person, pin)
    const id = holders.operatorOf(claim.person)
    const account = await accounts.byId(id ?? '')
    const good = account?.status === 'active' && !needsFactor(account) && holders.inForce(claim)
    if (fact === 'duress') await this.#raise(claim)
    return good && (fact === 'right' || fact === 'duress') ? account : undefined
  }

  /** Whoever is forced to sign in is signed in, and help is on its way. */
  async #raise({ person, credential, accessPoint, place }: Claim): Promise<void> {
    await this.#needs.record({ kind: 'duress.raised', ...place, accessPoint, person, credential })
  }

  async #refuse({ person }: Claim, delayMs: number): Promise<never> {
    const operator = this.#needs.holders.operatorOf(person)
    const refused: OperatorEvent = {
      kind: 'operator.refused',
      reason: 'pin',
      ...(operator !== undefined && { operator }),
    }
    await this.#needs.record(refused)
    throw new VigieError('badge-refused', { seconds: Math.ceil(delayMs / 1000) })
  }

  #at(accessPoint: string): Here {
    const here = this.#here.get(accessPoint) ?? { number: this.#needs.now(), looks: new Set() }
    this.#here.set(accessPoint, here)
    return here
  }

  #claimOf(here: Here): Claim | undefined {
    const { claim } = here
    return claim && this.#needs.now() - claim.at < CLAIM_MS ? claim : undefined
  }

  #drop(here: Here, claim: Claim): void {
    if (here.claim !== claim) return
    delete here.claim
    this.#tell(here)
  }

  #end(here: Here): void {
    const ending = here.session
    if (!ending) return
    delete here.session
    ending.unwatch()
    this.#needs.sessions.endAt(ending.signedIn.id, this.#keyOf(here)).catch((error: unknown) => {
      this.#needs.log.warn({ cause: causeOf(error) }, 'a session at a workstation could not be ended')
    })
  }

  #keyOf(here: Here): string {
    for (const [accessPoint, one] of this.#here) if (one === here) return accessPoint
    return ''
  }

  #infoOf({ name, reader, accessPoint }: PairedStation): StationInfo {
    const here = this.#at(accessPoint)
    const claim = this.#claimOf(here)
    return {
      ...{ paired: true, name, reader, number: here.number },
      ...(claim && { badgeUntil: claim.at + CLAIM_MS }),
      ...(here.session && { signedIn: true }),
    }
  }

  #change(here: Here): Promise<void> {
    for (const oldest of here.looks) {
      if (here.looks.size < MOST_LOOKS) break
      oldest()
    }
    return new Promise(resolve => {
      const done = (): void => {
        clearTimeout(timer)
        here.looks.delete(done)
        resolve()
      }
      const timer = setTimeout(done, LOOK_MS)
      here.looks.add(done)
    })
  }

  #tell(here: Here): void {
    here.number += 1
    for (const look of [...here.looks]) look()
  }

  /** Claims that ran out, and badges that were lost while their owner is signed in. */
  #sweep(): void {
    for (const here of this.#here.values()) {
      if (here.claim && !this.#claimOf(here)) this.#drop(here, here.claim)
      if (!here.session || this.#needs.holders.inForce(here.session.badge)) continue
      this.#end(here)
      this.#tell(here)
    }
  }

  #noteUsed(id: string): void {
    const now = this.#needs.now()
    if (now - (this.#noted.get(id) ?? Number.NEGATIVE_INFINITY) < USED_MS) return
    this.#noted.set(id, now)
    this.#needs.store.used(id, now).catch((error: unknown) => {
      this.#needs.log.warn({ cause: causeOf(error) }, 'the use of a workstation could not be written')
    })
  }

  #noteSignedIn(operator: string): void {
    Promise.resolve(this.#needs.accounts.signedIn(operator, this.#needs.now())).catch((error: unknown) => {
      this.#needs.log.warn({ cause: causeOf(error) }, 'when an account last signed in could not be written')
    })
  }
}
