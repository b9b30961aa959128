import { describe, expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import type { Channel, Message, Outcome } from '../rules/telling.ts'
import { MessagesSent, type Way } from './messages-sent.ts'

const message = (more: Partial<Message> = {}): Message => ({
  ...{ id: 'in-1.0.o-1', about: 'incident', incident: 'in-1', step: 0, operator: 'o-1', ways: ['sms', 'mail'] },
  ...{ at: 0, state: 'waiting', dueAt: 0, way: 0, tries: 0 },
  ...more,
})
const DELIVERED: Outcome = { is: 'delivered' }

class Bench {
  now = 0
  over = false
  isDiskDown = false
  readonly kept = new Map<string, Message>()
  readonly told: VigieEvent[] = []
  readonly sent: string[] = []
  readonly failures: unknown[] = []
  readonly flow: MessagesSent

  constructor(ways: Partial<Record<Channel, Partial<Way>>>, ...messages: Message[]) {
    for (const m of messages) this.kept.set(m.id, m)
    const counted = (name: Channel): Way => ({
      ...ways[name],
      send: async m => {
        this.sent.push(`${name} ${m.id}`)
        return (await ways[name]?.send?.(m)) ?? DELIVERED
      },
    })
    this.flow = new MessagesSent({
      due: now => [...this.kept.values()].filter(m => isGoing(m) && m.dueAt <= now),
      ways: Object.fromEntries(Object.keys(ways).map(n => [n, counted(n as Channel)])),
      isOver: () => this.over,
      put: async (m, events) => {
        if (this.isDiskDown) throw new Error('disk')
        this.kept.set(m.id, m)
        this.told.push(...events)
      },
      now: () => this.now,
      onFailure: error => this.failures.push(error),
    })
  }
  async look(at = this.now): Promise<Message> {
    this.now = at
    this.flow.look()
    await this.flow.settle()
    return [...this.kept.values()][0]!
  }
}
const isGoing = (m: Message): boolean => ['waiting', 'sending', 'handed-over'].includes(m.state)

describe('a message', () => {
  it('goes out once, and its row says by which way', async () => {
    const b = new Bench({ sms: {} }, message())
    expect((await b.look()).state).toBe('delivered')
    await b.look(1e9)
    expect([b.sent, b.told]).toEqual([
      ['sms in-1.0.o-1'],
      [{ kind: 'alert.delivered', incident: 'in-1', step: 0, operator: 'o-1', channel: 'sms' }],
    ])
  })
  it('that one way will not take goes the other, and is a row only when none does', async () => {
    const refused = async (): Promise<Outcome> => ({ is: 'refused', cause: 'refused' })
    const b = new Bench({ sms: { send: refused }, mail: { send: refused } }, message())
    await b.look()
    expect(b.told).toEqual([])
    expect((await b.look()).state).toBe('failed')
    expect(b.told).toMatchObject([{ kind: 'alert.undelivered', channel: 'mail', cause: 'refused' }])
  })
  it('that a gateway took is asked after, and goes the other way when it was lost', async () => {
    let asked = 0
    const sms: Way = {
      send: async () => ({ is: 'handed-over', ref: 'SM1' }),
      ask: async () => {
        asked++
        return { is: 'unknown' }
      },
    }
    const b = new Bench({ sms, mail: {} }, message())
    let m = await b.look()
    while (isGoing(m)) m = await b.look(m.dueAt)
    expect([m.state, asked, b.sent]).toEqual(['delivered', 16, ['sms in-1.0.o-1', 'mail in-1.0.o-1']])
    expect(b.told).toMatchObject([{ channel: 'mail' }])
  })
  it('by a way that is not set up any more goes the other', async () => {
    const b = new Bench({ mail: {} }, message())
    await b.look()
    expect((await b.look()).state).toBe('delivered')
  })
  it('is dropped when somebody has it', async () => {
    const b = new Bench({ sms: {} }, message())
    b.over = true
    expect((await b.look()).state).toBe('dropped')
    expect([b.sent, b.told]).toEqual([[], []])
  })
})

describe('after a crash in the middle of sending', () => {
  it('the gateway is asked first: what it has is not sent again', async () => {
    const sms = { find: async (): Promise<Outcome> => ({ is: 'handed-over', ref: 'SM7' }) }
    const b = new Bench({ sms }, message({ state: 'sending' }))
    expect(await b.look()).toMatchObject({ state: 'handed-over', ref: 'SM7' })
    expect(b.sent).toEqual([])
  })
  it('what it does not have is sent, and so is what nobody can be asked of', async () => {
    for (const find of [async () => undefined, undefined]) {
      const b = new Bench({ sms: find ? { find } : {} }, message({ state: 'sending' }))
      await b.look()
      expect(b.sent).toEqual(['sms in-1.0.o-1'])
    }
  })
})

describe('what goes wrong', () => {
  it('a server that hangs keeps its own lane only', async () => {
    const hang = new Promise<Outcome>(() => undefined)
    const mails = Array.from({ length: 9 }, (_, n) => message({ id: `m${n}`, ways: ['mail'] }))
    const b = new Bench({ sms: {}, mail: { send: () => hang } }, ...mails, message({ id: 's', ways: ['sms'] }))
    b.flow.look()
    await new Promise(resolve => setImmediate(resolve))
    b.flow.look()
    await new Promise(resolve => setImmediate(resolve))
    expect(b.sent.filter(s => s.startsWith('mail'))).toHaveLength(4)
    expect(b.kept.get('s')?.state).toBe('delivered')
  })
  it('while the disk fails nothing goes out that could not be marked', async () => {
    const b = new Bench({ sms: {} }, message())
    b.isDiskDown = true
    await b.look()
    expect([b.sent, b.failures.length]).toEqual([[], 1])
    b.isDiskDown = false
    expect((await b.look()).state).toBe('delivered')
  })
})
