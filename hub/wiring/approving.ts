/** What waits for a second operator, in a running hub: the desk over HTTP, carrying out, and what ends by itself. */
import { causeOf } from '../errors.ts'
import type { ErasureArgs, ItemArgs } from '../flows/approval-asked.ts'
import type { ErasureWish } from '../flows/person-erased.ts'
import { approvalRoutes } from '../http/routes/approvals.ts'
import { type ActsNeeds, makeEdit } from './acts.ts'
import { approvalDesk, type CarryOut } from './approvals.ts'
import type { LaterNeeds, Service } from './services.ts'

const SWEEP_MS = 60_000

interface Needs extends LaterNeeds {
  readonly erase: (wish: ErasureWish) => Promise<unknown>
}

export function approving(needs: Needs): Service {
  const { config, db, op, log, names, registry, erase, now } = needs
  const onFailure = (error: unknown): void =>
    log.error({ cause: causeOf(error) }, 'what waits for a second operator could not be kept up to date')
  const acts: ActsNeeds = {
    ...{ db, op, now, onFailure, expiryMs: config.unlockExpiryMs },
    inForce: () => undefined, // `op` resolves when the hub decides by what it wrote
  }
  const edit = (args: ItemArgs, by: string): Promise<unknown> => makeEdit(acts, args, by)
  const carryOut: CarryOut = {
    'zone-removed': edit,
    'failure-mode-changed': edit,
    'person-erased': (args: ErasureArgs, by: string) => erase({ ...args, by }),
  }
  const nameOf = (person: string): string => registry().site.people.find(p => p.id === person)?.name ?? person
  const desk = approvalDesk({ db, op, now, carryOut, names, nameOf, onFailure })
  let timer: NodeJS.Timeout | undefined
  return {
    plugins: [approvalRoutes(desk)],
    start: async () => {
      timer = setInterval(() => void desk.sweep(), SWEEP_MS).unref()
      await desk.sweep()
    },
    stop: () => clearInterval(timer),
  }
}
