/** What a bundle of routes is, for whoever hands them in without seeing the library. */
export type { FastifyPluginAsync } from 'fastify'
