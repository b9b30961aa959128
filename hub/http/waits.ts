/** 202: nothing has changed, and where it can be seen what becomes of it (RFC 9110, 15.3.3). */
import type { FastifyReply } from 'fastify'
import type { ApprovalAsked } from '../api.ts'

export const waitsIn = (reply: FastifyReply, asked: ApprovalAsked): FastifyReply =>
  reply.code(202).header('location', `/api/v1/approvals/${asked.approval.id}`).send(asked)
