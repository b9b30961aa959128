import type { LaterNeeds, Service } from './services.ts'

export function exports(_needs: LaterNeeds): Service {
  return {}
}
