/** /api/v1/backups: which there are, and one to be made now. */
import type { FastifyPluginAsync } from 'fastify'
import type { BackupsView } from '../../api.ts'
import { operatorOf } from '../operator.ts'

export interface BackupActs {
  list(): BackupsView
  /** Begins one. @throws VigieError backup-nowhere, backup-key-missing, backup-running */
  run(by: string): void
}
const config = { permission: 'backups.manage' } as const

export function backupRoutes(backups: BackupActs): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/backups', { config }, async () => backups.list())
    app.post('/api/v1/backups', { config }, async (request, reply) => {
      backups.run(operatorOf(request))
      return reply.code(202).send(backups.list())
    })
  }
}
