/** The session cookie, that of a sign-in by the identity provider and that of a workstation, read and written in one place. */
import { fastifyCookie } from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import { SESSION_COOKIE } from './sessions.ts'

/** No Max-Age: it ends with the browser; the hub's own limits hold in any case. */
const FLAGS = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

export const sessionIdIn = (header: string | undefined): string | undefined =>
  fastifyCookie.parse(header ?? '')[SESSION_COOKIE]
export const keepSession = (reply: FastifyReply, id: string): FastifyReply => reply.setCookie(SESSION_COOKIE, id, FLAGS)
export const dropSession = (reply: FastifyReply): FastifyReply => reply.clearCookie(SESSION_COOKIE, FLAGS)

/** Lax: it has to come back from the provider's site. It holds nothing that the browser can read, for ten minutes. */
const TRANSACTION_COOKIE = '__Host-vigie-oidc'
const ON_THE_WAY = { ...FLAGS, sameSite: 'lax' } as const

export const transactionIn = (header: string | undefined): string | undefined =>
  fastifyCookie.parse(header ?? '')[TRANSACTION_COOKIE]
export const keepTransaction = (reply: FastifyReply, sealed: string): FastifyReply =>
  reply.setCookie(TRANSACTION_COOKIE, sealed, { ...ON_THE_WAY, maxAge: 600 })
export const dropTransaction = (reply: FastifyReply): FastifyReply => reply.clearCookie(TRANSACTION_COOKIE, ON_THE_WAY)

/** Stays: the browser stands beside a reader, whoever sits at it. */
const STATION_COOKIE = '__Host-vigie-station'
const YEAR_S = 365 * 86_400

export const stationIn = (header: string | undefined): string | undefined =>
  fastifyCookie.parse(header ?? '')[STATION_COOKIE]
export const keepStation = (reply: FastifyReply, secret: string): FastifyReply =>
  reply.setCookie(STATION_COOKIE, secret, { ...FLAGS, maxAge: YEAR_S })
