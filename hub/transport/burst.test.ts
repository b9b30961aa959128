import { expect, it } from 'vitest'
import { BurstLog } from './burst.ts'

it('logs the first of a burst at once, then one line a minute with how many more there were', () => {
  let now = 0
  const lines: unknown[] = []
  const log = new BurstLog({ warn: (fields, message) => lines.push([message, fields]) }, () => now)
  for (let i = 0; i < 1_000; i++) log.warn('disk full', { device: 'door-1' })
  log.warn('other')
  now = 60_000
  log.warn('disk full', { device: 'door-2' })
  log.warn('other')
  now = 120_000
  log.warn('disk full')
  const full = 'disk full'
  expect(lines).toEqual([
    [full, { device: 'door-1' }],
    ['other', {}],
    [full, { device: 'door-2', more: 999 }],
    ['other', {}],
    [full, {}],
  ])
})
