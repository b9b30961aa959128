/** Signed checkpoints of the journal: every minute of activity, and whenever something asks for one. */
import type { CheckpointView } from '../api.ts'
import type { Service, ServiceNeeds } from './services.ts'

export interface Checkpoints extends Service {
  /** A checkpoint of everything that stands in the journal now. @throws VigieError journal-unavailable */
  now(): Promise<CheckpointView>
  /** Called with each new one. Must not throw. */
  onSigned(listener: (checkpoint: CheckpointView) => void): void
}

export function checkpoints(_needs: ServiceNeeds): Checkpoints {
  return { now: () => Promise.reject(new Error('not built yet')), onSigned: () => undefined }
}
