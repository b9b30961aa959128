/** /api/v1/devices: every device with its state, its readings and what was refused of it. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { DeviceDetail, DeviceList } from '../../api.ts'
import { VigieError } from '../../errors.ts'
import { type Reach, within } from '../../rules/zones.ts'
import type { ReadModel } from '../ports.ts'

const ById = Type.Object({ id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }) }, { additionalProperties: false })

export function deviceRoutes(model: ReadModel): FastifyPluginAsync {
  return async app => {
    app.get(
      '/api/v1/devices',
      { config: { permission: 'devices.read' } },
      async ({ reach }): Promise<DeviceList> => ({ devices: model.devices().filter(d => within(reach, d.zone)) }),
    )
    app.get<{ Params: Static<typeof ById> }>(
      '/api/v1/devices/:id',
      { config: { permission: 'devices.read' }, schema: { params: ById } },
      async request => detail(request.params.id, request.reach),
    )
  }

  /** Where it lies in another zone, there is none. */
  function detail(id: string, reach: Reach): DeviceDetail {
    const device = model.device(id)
    if (!device || !within(reach, device.zone)) throw new VigieError('device-unknown', { device: id })
    return { ...device, points: model.pointsOf(id), found: model.foundBehind(id) }
  }
}
