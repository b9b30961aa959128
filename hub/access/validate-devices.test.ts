/** What the checks of bought devices ask for, one fault at a time. */
import { expect, it, test } from 'vitest'
import { knows, smallSite } from '../test/small-site.ts'
import { EXPECTED } from './expected.ts'
import type { SiteDevice } from './site.ts'
import { ofDevices } from './validate-devices.ts'

const shop = { id: 'shop', name: 'Shop', model: 'zigbee2mqtt', zone: 'garden' }
const behind = { gateway: 'shop', address: '0x01' }
const alone = { id: 'window', name: 'Window', model: 'bought-contact', zone: 'garden' }
const window = { ...alone, behind }

const found = (...more: readonly SiteDevice[]): readonly [string, string][] => {
  const site = smallSite()
  const first = site.devices.length
  site.devices.push(...more)
  return [...ofDevices(site, knows)].map(p => [p.pointer.replace(/\d+/, n => String(Number(n) - first)), p.expected])
}

it('takes what is bought behind its gateway, and two parts of one address', () => {
  expect(found(shop, window)).toEqual([])
  expect(found(shop, window, { ...window, id: 'other', behind: { ...behind, part: '1' } })).toEqual([])
})

test.each<readonly [string, SiteDevice[], string, string]>([
  ['a bought one without its gateway', [alone], '/devices/0/behind', EXPECTED.behind],
  ['one of ours behind a gateway', [shop, { ...shop, id: 'two', behind }], '/devices/1/behind', EXPECTED.notBehind],
  ['a gateway that is not there', [window], '/devices/0/behind/gateway', EXPECTED.gateway],
  ['the address of another', [shop, window, { ...window, id: 'b' }], '/devices/2/behind/address', EXPECTED.ownAddress],
  ['a model nobody knows', [{ ...window, model: 'toaster' }], '/devices/0/model', EXPECTED.model],
  ['a zone that is not there', [shop, { ...window, zone: 'attic' }], '/devices/1/zone', EXPECTED.zone],
])('%s', (_, more, pointer, expected) => {
  expect(found(...more)).toEqual([[pointer, expected]])
})
