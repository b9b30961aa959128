/** Failures as SCIM tells them (RFC 7644, 3.12): made of the problem that every route answers, at the very end. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Problem } from '../../api.ts'
import { MESSAGE, SCIM_TYPE } from './attributes.ts'

const TYPES: Readonly<Record<string, string>> = {
  'scim-invalid': 'invalidValue',
  'input-invalid': 'invalidValue',
  'scim-filter': 'invalidFilter',
  'scim-path': 'invalidPath',
  'scim-target': 'noTarget',
  'scim-read-only': 'mutability',
  'scim-taken': 'uniqueness',
  'request-malformed': 'invalidSyntax',
}
/** SCIM has no 422: a value that can't be taken is a bad request. */
export const scimStatus = (status: number): number => (status === 422 ? 400 : status)

export function tellAsScim(app: FastifyInstance): void {
  app.addHook('onSend', async (_, reply, payload) => {
    if (!isProblem(reply) || typeof payload !== 'string') return payload
    const { code, title, status } = JSON.parse(payload) as Problem
    const told = scimStatus(status)
    const scimType = TYPES[code]
    reply.code(told).type(SCIM_TYPE)
    return JSON.stringify({
      schemas: [`${MESSAGE}Error`],
      ...(scimType && { scimType }),
      detail: title,
      status: String(told),
    })
  })
}

const isProblem = (reply: FastifyReply): boolean =>
  String(reply.getHeader('content-type') ?? '').startsWith('application/problem+json')
