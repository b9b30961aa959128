/** Whether a CONNECT is acceptable from this device. Pure; the certificate has been checked before. */
import { MAX_PAYLOAD_BYTES, type Refusal, topics } from '#devices/messages.ts'
import { decodeStatus } from '#devices/registry.ts'
import type { DeviceIdentity } from '#hub/ports.ts'
import { CONNACK, type ConnackCode } from './packets.ts'

export interface ConnectRequest {
  readonly clientId: string
  readonly protocolId?: string
  readonly protocolVersion?: number
  readonly bridgeMode?: boolean
  readonly clean?: boolean
  readonly keepalive?: number
  readonly will?: Will
}
interface Will {
  readonly topic: string
  readonly payload: Buffer | string
  readonly qos?: number
}

export interface Rejection {
  readonly ok: false
  readonly refusal: Refusal
  readonly code: ConnackCode
}
export type Admission = { readonly ok: true; readonly will?: Buffer } | Rejection

/** User name and password are ignored: the certificate is the credential. @param maxKeepaliveSeconds 1 to 65,535 */
export function admission(request: ConnectRequest, device: DeviceIdentity, maxKeepaliveSeconds: number): Admission {
  if (request.protocolId !== 'MQTT' || request.protocolVersion !== 4 || request.bridgeMode)
    return refuse('protocol', CONNACK.unacceptableProtocol)
  if (request.clientId !== device.id) return refuse('identity', CONNACK.identifierRejected)
  // A kept session would hold subscriptions and messages for a device that is gone: nothing is queued for anybody.
  if (request.clean !== true) return refuse('session', CONNACK.notAuthorized)
  if (!request.keepalive || request.keepalive > maxKeepaliveSeconds) return refuse('session', CONNACK.notAuthorized)
  return request.will ? willAdmission(request.will, device) : { ok: true }
}

function willAdmission(will: Will, device: DeviceIdentity): Admission {
  if (will.topic !== topics.status(device.site, device.id)) return refuse('topic', CONNACK.notAuthorized)
  if ((will.qos ?? 0) > 1) return refuse('qos', CONNACK.notAuthorized)
  const payload = Buffer.from(will.payload) // a copy: the original is a view on everything that was read
  if (payload.length > MAX_PAYLOAD_BYTES) return refuse('size', CONNACK.notAuthorized)
  const status = decodeStatus(payload)
  return status.ok ? { ok: true, will: payload } : refuse(status.refusal, CONNACK.notAuthorized)
}

const refuse = (refusal: Refusal, code: ConnackCode): Rejection => ({ ok: false, refusal, code })
