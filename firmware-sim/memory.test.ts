import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LONGEST_EXPIRY_MS, Memory } from './memory.ts'

describe('what a device keeps over a power cut', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vigie-memory-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('seq begins at 1 and goes on in a new life', () => {
    const first = new Memory(folder, 'a')
    expect([first.nextSeq(), first.nextSeq()]).toEqual([1, 2])
    expect(new Memory(folder, 'a').nextSeq()).toBe(3)
    expect(new Memory(folder, 'b').nextSeq()).toBe(1)
  })

  it('an order is new once, also after a power cut, until long after its expiry', () => {
    const now = 1_000_000
    expect(new Memory(folder, 'a').firstTime('c1', now + 5_000, now)).toBe(true)
    expect(new Memory(folder, 'a').firstTime('c1', now + 5_000, now)).toBe(false)
    expect(new Memory(folder, 'a').firstTime('c1', now + 5_000, now + 60_000)).toBe(false)
  })

  it('remembers no more than a thousand orders, and forgets those that expired five minutes ago', () => {
    const memory = new Memory(folder, 'a')
    for (let i = 0; i < 1_010; i++) memory.firstTime(`c${i}`, 5_000, 0)
    expect(memory.firstTime('c1009', 5_000, 0)).toBe(false)
    memory.firstTime('later', LONGEST_EXPIRY_MS * 3, LONGEST_EXPIRY_MS * 2)
    expect(memory.firstTime('c1009', LONGEST_EXPIRY_MS * 3, LONGEST_EXPIRY_MS * 2)).toBe(true)
  })

  it.each(['', 'null', '{}', '{"seq":"1","seen":{}}', '{"seq":1'])(
    'refuses to start from a damaged file holding %j, and names it',
    text => {
      writeFileSync(join(folder, 'a.json'), text)
      expect(() => new Memory(folder, 'a')).toThrow(/a\.json is damaged/)
    },
  )
})
