import type { LaterNeeds, Service } from './services.ts'

export function search(_needs: LaterNeeds): Service {
  return {}
}
