/** The session cookie, read and written in one place. */
import { fastifyCookie } from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import { SESSION_COOKIE } from './sessions.ts'

/** No Max-Age: it ends with the browser; the hub's own limits hold in any case. */
const FLAGS = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

export const sessionIdIn = (header: string | undefined): string | undefined =>
  fastifyCookie.parse(header ?? '')[SESSION_COOKIE]
export const keepSession = (reply: FastifyReply, id: string): FastifyReply => reply.setCookie(SESSION_COOKIE, id, FLAGS)
export const dropSession = (reply: FastifyReply): FastifyReply => reply.clearCookie(SESSION_COOKIE, FLAGS)
