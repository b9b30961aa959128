import type { LaterNeeds, Service } from './services.ts'

export function privacy(_needs: LaterNeeds): Service {
  return {}
}
