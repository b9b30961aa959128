import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SituationChange } from '../access/situations.ts'
import { readChanges, revision } from '../record/registry.ts'
import { NOON, Stage, until } from '../test/stage.ts'
import type { Registry } from './registry.ts'
import { RegistryChanged } from './registry-changed.ts'

let stage: Stage
let watch: RegistryChanged
let used: Registry[]
let done: string[]
let live: Set<string>
let failures: string[]
let acted: (readonly SituationChange[])[]
let actFails: boolean
let acknowledged: Promise<void>
let now: number
let listFails: boolean
let readFails: boolean

const enrol = (serial: string, device: string, notAfter = NOON + 1_000_000) =>
  stage.op('addCertificate', {
    at: NOON,
    certificate: { serial, device, notBefore: 0, notAfter, fingerprint: 'ff', issuedAt: NOON },
    fresh: true,
    event: { kind: 'device.enrolled', device, serial },
  })
const revoke = (device: string) =>
  stage.op('revokeDevice', {
    at: NOON,
    id: device,
    reason: 'key-compromise',
    event: { kind: 'device.revoked', device },
  })

beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply()
  enrol('s1', 'door-1')
  enrol('s2', 'door-2')
  used = []
  done = []
  failures = []
  acted = []
  actFails = false
  acknowledged = Promise.resolve()
  live = new Set(['s1 door-1', 's2 door-2'])
  now = NOON
  listFails = false
  readFails = false
  watch = new RegistryChanged(
    {
      revision: () => {
        if (readFails) throw new Error('disk gone')
        return revision(stage.db)
      },
      read: since => readChanges(stage.db, since),
      use: r => {
        used.push(r)
        done.push(`use ${r.revision}`)
      },
      onActs: rows => {
        acted.push(rows)
        if (actFails) throw new Error('no link')
      },
      renewList: async () => {
        if (listFails) throw new Error('disk full')
        done.push('list')
      },
      liveSerials: () => [...live].map(l => ({ serial: l.split(' ')[0]!, device: l.split(' ')[1]! })),
      cut: serial => {
        done.push(`cut ${serial}`)
        for (const l of live) if (l.startsWith(`${serial} `)) live.delete(l)
        return 1
      },
      acknowledge: async (rev, cut) => {
        await acknowledged
        done.push(`acknowledge ${rev} ${cut}`)
      },
      onFailure: e => failures.push(String(e)),
      now: () => now,
    },
    stage.registry(),
  )
})
afterEach(async () => {
  await watch.stop()
  await stage.close()
})

const lockdown = (change: SituationChange) =>
  stage.op('act', {
    at: NOON,
    situations: [change],
    events: [{ kind: change.value ? 'lockdown.started' : 'lockdown.ended', plan: 'storm', by: 'cli:test' }],
  })

/** One look, to its end. */
async function look(): Promise<void> {
  watch.look()
  await watch.stop()
}

describe('the registry has changed', () => {
  it('swapped, cut, listed and acknowledged, in this order', async () => {
    const before = revision(stage.db)
    revoke('door-1')
    await look()
    expect(done).toEqual([`use ${before + 1}`, 'cut s1', 'list', `acknowledge ${before + 1} 1`])
    expect(used[0]?.identify('s1', 'door-1', NOON)).toBeUndefined()
    expect(used[0]?.identify('s2', 'door-2', NOON)?.id).toBe('door-2')
  })

  it('leaves everything alone when nothing has', async () => {
    await look()
    await look()
    expect(done).toEqual([])
  })

  it('writes no new list when no certificate was revoked', async () => {
    stage.op('addDevice', { at: NOON, id: 'pir-1', model: 'pir', name: 'PIR' })
    await look()
    expect(done).toEqual([`use ${revision(stage.db)}`, `acknowledge ${revision(stage.db)} 0`])
  })

  it('by the next look while it runs: started, it follows within a second', async () => {
    watch.start()
    revoke('door-1')
    await until(() => done.some(d => d.startsWith('acknowledge')), 5_000)
    revoke('door-2')
    await until(() => done.filter(d => d.startsWith('acknowledge')).length === 2, 5_000)
    expect(live.size).toBe(0)
  })

  it('cuts a socket whose certificate has expired meanwhile, without any change', async () => {
    now = NOON + 1_000_000
    await look()
    expect(done).toEqual(['cut s1', 'cut s2'])
  })

  it('cuts at once when the list cannot be written, tries again after a second, and acknowledges only then', async () => {
    listFails = true
    revoke('door-1')
    await look()
    expect(done.slice(1)).toEqual(['cut s1'])
    expect(failures).toEqual(['Error: disk full'])
    await look() // within the second: not again
    expect(failures).toHaveLength(1)
    now += 1_000
    listFails = false
    await look()
    expect(done.slice(2)).toEqual(['list', `acknowledge ${revision(stage.db)} 1`])
    await look()
    expect(done).toHaveLength(4)
  })

  it('is not stopped by a read that fails', async () => {
    readFails = true
    await look()
    expect(failures).toEqual(['Error: disk gone'])
    readFails = false
    revoke('door-1')
    now += 1_000
    await look()
    expect(done.at(-1)).toMatch(/^acknowledge/)
  })

  it('hands on what operators’ acts wrote, once, after the swap, and nothing where rights alone changed', async () => {
    const value = { since: NOON, until: NOON + 60_000, by: 'cli:test' }
    lockdown({ kind: 'lockdown', key: 'storm', value })
    revoke('door-1')
    await look()
    lockdown({ kind: 'lockdown', key: 'storm' })
    await look()
    await look()
    expect(acted).toEqual([[{ kind: 'lockdown', key: 'storm', value }], [{ kind: 'lockdown', key: 'storm' }]])
    revoke('door-2')
    await look()
    expect(acted.at(-1)).toEqual([])
  })

  it('does not send an order to a lock a second time because the first could not be sent', async () => {
    actFails = true
    lockdown({ kind: 'lockdown', key: 'storm', value: { since: NOON, until: NOON + 60_000, by: 'cli:test' } })
    await look()
    now += 1_000
    await look()
    expect(failures).toEqual(['Error: no link'])
    expect(done.at(-1)).toMatch(/^acknowledge/)
  })

  it('is in force when the look returns, also while an earlier change is still being acknowledged', async () => {
    const slow = Promise.withResolvers<void>()
    acknowledged = slow.promise
    revoke('door-1')
    const first = watch.look()
    expect(used).toHaveLength(1)
    lockdown({ kind: 'lockdown', key: 'storm', value: { since: NOON, until: NOON + 60_000, by: 'cli:test' } })
    void watch.look()
    expect(acted).toHaveLength(2)
    slow.resolve()
    await first
    await look()
    const revisions = used.map(r => `acknowledge ${r.revision}`)
    expect(done.filter(d => d.startsWith('ack')).map(d => d.slice(0, d.lastIndexOf(' ')))).toEqual(revisions)
  })
})
