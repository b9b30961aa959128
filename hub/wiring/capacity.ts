import type { LaterNeeds, Service } from './services.ts'

export function capacity(_needs: LaterNeeds): Service {
  return {}
}
