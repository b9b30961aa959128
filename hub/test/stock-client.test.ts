/** A stock client with a certificate from `vigie device add`: mosquitto_pub and mosquitto_sub, nothing of ours. */
import { execFile, execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DecisionMessage } from '#devices/messages.ts'
import { NURSE, smallSite, TestHub, VISITOR } from './harness.ts'

const run = promisify(execFile)
const noMosquitto = process.env.VIGIE_TEST_REQUIRE !== 'all' && !has('mosquitto_sub')

function has(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf(noMosquitto)('mosquitto clients (skipped where they are not installed)', () => {
  const hub = new TestHub()
  beforeAll(async () => {
    const site = smallSite()
    await hub.apply(site)
    await hub.addDevice('cab-1', 'medicine-cabinet')
    await hub.start()
  })
  afterAll(() => hub.close())

  const connection = (): string[] => {
    const file = (name: string): string => join(hub.certs, name)
    return [
      '-h',
      'localhost',
      '-p',
      String(hub.ready.mqttPort),
      '-V',
      '311',
      '-i',
      'cab-1',
      '--cafile',
      file('ca.cert.pem'),
      '--cert',
      file('cab-1.cert.pem'),
      '--key',
      file('cab-1.key.pem'),
    ]
  }

  async function publish(uid: string, seq: number): Promise<void> {
    const message = {
      id: `m-${seq}`,
      at: new Date().toISOString(),
      seq,
      point: 'drawer-1',
      credential: { kind: 'uid', uid },
    }
    await run('mosquitto_pub', [
      ...connection(),
      '-q',
      '1',
      '-t',
      'vigie/v1/test-site/cab-1/up/badge',
      '-m',
      JSON.stringify(message),
    ])
  }

  it('publish a badge with rights and one without: both stand in `vigie journal tail` when mosquitto_pub returns', async () => {
    await publish(NURSE, 1)
    await publish(VISITOR, 2)
    const tail = await hub.vigie('journal', 'tail')
    expect(tail).toMatch(/access\.granted .*device=cab-1 point=drawer-1/)
    expect(tail).toMatch(/access\.denied .*reason=no-right device=cab-1/)
  })

  it('get `granted` on down/decision over the connection that asked', async () => {
    const topic = 'vigie/v1/test-site/cab-1'
    const message = {
      id: 'm-3',
      at: new Date().toISOString(),
      seq: 3,
      point: 'drawer-1',
      credential: { kind: 'uid', uid: NURSE },
    }
    const ask = [
      '-W',
      '10',
      '-q',
      '1',
      '-t',
      `${topic}/up/badge`,
      '-e',
      `${topic}/down/decision`,
      '-m',
      JSON.stringify(message),
    ]
    const { stdout: text } = await run('mosquitto_rr', [...connection(), ...ask])
    expect(JSON.parse(text) as DecisionMessage).toMatchObject({ request: 'm-3', granted: true, reason: 'granted' })
  })
})
