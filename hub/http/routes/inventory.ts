/** /api/v1/inventory: who holds which badges, accounts and grants, and what of it should not be. Each reading is journaled. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { INVENTORY_FLAGS } from '../../rules/inventory.ts'
import type { InventoryDesk, InventoryQuery } from '../inventory-ports.ts'
import { callerOf, operatorOf, strict } from '../operator.ts'
import { PAGE_QUERY } from '../paging.ts'
import { may } from '../permissions.ts'

const asked = {
  unused: Type.Optional(
    Type.String({
      pattern: '^([1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-4][0-9]|3650)$',
      description: 'Days, 1 to 3650; 90 if left out',
    }),
  ),
  flag: Type.Optional(Type.Enum([...INVENTORY_FLAGS])),
  q: Type.Optional(
    Type.String({ maxLength: 100, description: 'Beginnings of words of names, logins, numbers, roles' }),
  ),
}
const Page = Type.Object({ ...asked, ...PAGE_QUERY }, strict)
const All = Type.Object(asked, strict)
const config = { permission: 'inventory.read' } as const
const USUAL_DAYS = 90

export function inventoryRoutes(desk: InventoryDesk): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Static<typeof Page> }>(
      '/api/v1/inventory',
      { config, schema: { querystring: Page } },
      request => desk.page(queryOf(request, request.query), operatorOf(request)),
    )
    app.get<{ Querystring: Static<typeof All> }>(
      '/api/v1/inventory.csv',
      { config: { ...config, stepUp: true }, schema: { querystring: All } },
      async (request, reply) =>
        reply
          .type('text/csv; charset=utf-8')
          .header('cache-control', 'no-store')
          .header('content-disposition', 'attachment; filename="inventory.csv"')
          .send(await desk.csv(queryOf(request, request.query), operatorOf(request))),
    )
  }
}

/** Who knows a number can copy the badge: in full it is for those who hand badges out. */
const queryOf = (request: FastifyRequest, { unused, ...query }: Static<typeof Page>): InventoryQuery => ({
  ...query,
  unused: unused === undefined ? USUAL_DAYS : Number(unused),
  whole: may(callerOf(request), 'badges.issue'),
})
