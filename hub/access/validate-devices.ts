/** Checks of devices: the model is known, the zone exists, and what is bought says through which gateway it is heard. */
import { EXPECTED } from './expected.ts'
import { type Found, idsOf, repeated } from './problems.ts'
import type { Site, SiteDevice } from './site.ts'
import type { Knows } from './validate-points.ts'

export function* ofDevices(site: Site, knows: Knows): Found {
  const zones = idsOf(site.zones)
  const gateways = new Set(site.devices.filter(d => knows.isGateway(d.model)).map(d => d.id))
  yield* repeated(site.devices, d => d.id, 'devices', 'id')
  for (const [i, device] of site.devices.entries()) {
    if (!knows.model(device.model)) yield { pointer: `/devices/${i}/model`, expected: EXPECTED.model }
    else yield* ofBehind(device, `/devices/${i}/behind`, gateways, knows)
    if (!zones.has(device.zone)) yield { pointer: `/devices/${i}/zone`, expected: EXPECTED.zone }
  }
  yield* ofAddresses(site.devices)
}

function* ofBehind({ model, behind }: SiteDevice, pointer: string, gateways: ReadonlySet<string>, knows: Knows): Found {
  const isBought = knows.isBought(model)
  if (isBought && !behind) yield { pointer, expected: EXPECTED.behind }
  if (!isBought && behind) yield { pointer, expected: EXPECTED.notBehind }
  if (isBought && behind && !gateways.has(behind.gateway))
    yield { pointer: `${pointer}/gateway`, expected: EXPECTED.gateway }
}

/** What is heard there counts as one device's words. */
function* ofAddresses(devices: readonly SiteDevice[]): Found {
  const taken = new Set<string>()
  for (const [i, { behind }] of devices.entries()) {
    if (!behind) continue
    const key = JSON.stringify([behind.gateway, behind.address, behind.part])
    if (taken.has(key)) yield { pointer: `/devices/${i}/behind/address`, expected: EXPECTED.ownAddress }
    taken.add(key)
  }
}
