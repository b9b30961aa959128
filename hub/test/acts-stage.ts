/** A stage on which operators act: the full site, a clock that stands, and acts written as the command line writes them. */
import type { SituationChange } from '../access/situations.ts'
import { type Acts, type ActsNeeds, makeActs, type SiteFacts, storedFacts } from '../wiring/acts.ts'
import { fullSite } from './small-site.ts'
import { NOON, Stage } from './stage.ts'

export const BY = 'cli:test'

export class ActsStage {
  readonly stage: Stage
  readonly acts: Acts
  readonly failures: unknown[] = []
  now = NOON

  private constructor(stage: Stage, over: Partial<ActsNeeds>) {
    this.stage = stage
    this.acts = this.actsWith(over)
  }

  actsWith(over: Partial<ActsNeeds>): Acts {
    return makeActs({
      db: this.stage.db,
      op: (name, args) => this.stage.op(name, args),
      inForce: () => undefined,
      expiryMs: 5_000,
      onFailure: error => this.failures.push(error),
      now: () => this.now,
      ...over,
    })
  }

  static async open(over: (stage: Stage) => Partial<ActsNeeds> = () => ({}), site = fullSite()): Promise<ActsStage> {
    const stage = await Stage.open()
    await stage.apply(site)
    return new ActsStage(stage, over(stage))
  }

  get facts(): SiteFacts {
    return storedFacts(this.stage.db, this.now)
  }

  person(id: string): string {
    return this.stage.pseudonym('person', id)
  }

  /** Puts rows as the badge path would have. */
  put(...situations: SituationChange[]): void {
    this.stage.op('act', { at: this.now, situations, events: [] })
  }

  close(): Promise<void> {
    return this.stage.close()
  }
}
