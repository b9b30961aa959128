import type { LaterNeeds, Service } from './services.ts'

export function forwarding(_needs: LaterNeeds): Service {
  return {}
}
