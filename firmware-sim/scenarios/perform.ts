/** Puts scenarios on: the devices they need are connected, one scenario is played after the other, the devices go. */
import { SimFailure } from '../failure.ts'
import type { Vigie } from '../operator.ts'
import { type HospitalOptions, VirtualHospital } from '../virtual-hospital.ts'
import { STAGE_DEVICES } from './index.ts'
import { type Audience, play } from './player.ts'
import type { Scenario } from './scenario.ts'
import { Stage } from './stage.ts'

export interface PerformOptions {
  readonly hospital: Omit<HospitalOptions, 'onEvent' | 'onPlayed' | 'devices' | 'only' | 'life'>
  readonly vigie: Vigie
  readonly audience: Audience
  readonly signal: AbortSignal
  readonly pauseMs?: number
}

const ONLINE_MS = 30_000

/**
 * @returns how many steps were not as expected; 0 is a success
 * @throws SimFailure if the devices don't get online within 30 s
 */
export async function perform(scenarios: readonly Scenario[], options: PerformOptions): Promise<number> {
  const { vigie, audience, signal, pauseMs = 0 } = options
  const waits = new Online()
  const hospital: VirtualHospital = new VirtualHospital({
    ...options.hospital,
    only: STAGE_DEVICES,
    life: false,
    onEvent: event => {
      stage.happened(event)
      if (event.what === 'online') waits.one(hospital.online === hospital.size)
    },
  })
  const stage = new Stage((device, act) => hospital.perform(device, act), vigie, options.hospital.seed)
  try {
    await hospital.start()
    await waits.all(signal)
    let differing = 0
    for (const scenario of scenarios) differing += await play(scenario, stage, audience, { signal, pauseMs })
    return differing
  } finally {
    await hospital.stop()
  }
}

class Online {
  readonly #done = Promise.withResolvers<void>()

  one(last: boolean): void {
    if (last) this.#done.resolve()
  }

  async all(signal: AbortSignal): Promise<void> {
    const late = setTimeout(
      () =>
        this.#done.reject(
          new SimFailure(
            'Not every device is online after 30 s: is the hub running, and do the certificates belong to it?',
            'Tous les appareils ne sont pas en ligne après 30\u00a0s\u202f: Vigie tourne-t-il, les certificats sont-ils les siens\u202f?',
          ),
        ),
      ONLINE_MS,
    )
    const stop = (): void => this.#done.reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    try {
      await this.#done.promise
    } finally {
      clearTimeout(late)
      signal.removeEventListener('abort', stop)
    }
  }
}
