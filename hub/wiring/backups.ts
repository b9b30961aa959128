import type { LaterNeeds, Service } from './services.ts'

export function backups(_needs: LaterNeeds): Service {
  return {}
}
