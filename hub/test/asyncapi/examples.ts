/** One or more examples of every message: what docs/asyncapi.yaml shows, and what its test decodes. */
import type { Ack, Badge, CommandMessage, DecisionMessage, Reading, State, Status } from '#devices/messages.ts'

export interface Example<M> {
  readonly name: string
  readonly summary: string
  /** Of the device that sends it. */
  readonly model: string
  readonly payload: M
}

const badge: Example<Badge>[] = [
  {
    name: 'drawer',
    summary: 'A badge held to the reader of a drawer',
    model: 'medicine-cabinet',
    payload: {
      id: '1042-9f3c',
      at: '2026-11-22T08:15:03.412Z',
      seq: 1042,
      point: 'drawer-2',
      credential: { kind: 'uid', uid: '04A2B3C4D5E6F7' },
    },
  },
  {
    name: 'withPin',
    summary: 'With a PIN and a reason, where the point asks for them',
    model: 'door',
    payload: {
      id: '77-1b20',
      at: '2026-11-22T08:15:03Z',
      seq: 77,
      point: 'door',
      credential: { kind: 'uid', uid: '04A2B3C4' },
      pin: '4711',
      reason: 'Delivery',
    },
  },
  {
    name: 'withReference',
    summary: 'For a prescription, as an opaque reference of the clinical application',
    model: 'medicine-cabinet',
    payload: {
      id: '1051-02',
      at: '2026-11-22T08:21:40.090Z',
      seq: 1051,
      point: 'drawer-3',
      credential: { kind: 'uid', uid: '04A2B3C4D5E6F7' },
      reference: { kind: 'prescription', id: 'RX-2026-11-0042' },
    },
  },
  {
    name: 'breakGlass',
    summary: 'The emergency button was pressed: opens past hours, conditions and lockdown where the role allows it',
    model: 'medicine-cabinet',
    payload: {
      id: '1060-7e',
      at: '2026-11-22T08:30:11.700Z',
      seq: 1060,
      point: 'drawer-2',
      credential: { kind: 'uid', uid: '04A2B3C4D5E6F7' },
      reason: 'Cardiac arrest',
      breakGlass: true,
    },
  },
]

const state: Example<State>[] = [
  {
    name: 'asItStands',
    summary: 'Everything a point knows of itself: sent for each point after each connect',
    model: 'medicine-cabinet',
    payload: {
      id: '1040-77aa',
      at: '2026-11-22T08:14:58.002Z',
      seq: 1040,
      point: 'cabinet',
      lock: 'locked',
      contact: 'closed',
      tamper: false,
    },
  },
  {
    name: 'opened',
    summary: 'One thing has changed',
    model: 'medicine-cabinet',
    payload: { id: '1045-03de', at: '2026-11-22T08:15:05.120Z', seq: 1045, point: 'drawer-2', contact: 'open' },
  },
  {
    name: 'requestToExit',
    summary: 'The button on the inside, sent before the door opens: that opening is not forced',
    model: 'door',
    payload: { id: '78-5c01', at: '2026-11-22T08:16:40Z', seq: 78, point: 'door', request: true },
  },
  {
    name: 'lamp',
    summary: 'A dimmed light',
    model: 'light',
    payload: { id: '12-aa', at: '2026-11-22T08:16:41Z', seq: 12, point: 'lamp', on: true, brightness: 40 },
  },
]

const reading: Example<Reading>[] = [
  {
    name: 'illuminance',
    summary: 'One value',
    model: 'light-sensor',
    payload: {
      id: '5210-00',
      at: '2026-11-22T08:15:00Z',
      seq: 5210,
      readings: [{ quantity: 'illuminance', value: 212, unit: 'lx' }],
    },
  },
  {
    name: 'occupancy',
    summary: 'Someone is there (1) or not (0); the unit of a plain number is 1',
    model: 'pir',
    payload: {
      id: '880-00',
      at: '2026-11-22T08:15:01Z',
      seq: 880,
      readings: [{ quantity: 'occupancy', value: 1, unit: '1' }],
    },
  },
]

const ack: Example<Ack>[] = [
  {
    name: 'done',
    summary: 'The lock has been released',
    model: 'medicine-cabinet',
    payload: {
      id: '1043-51d7',
      at: '2026-11-22T08:15:03.480Z',
      seq: 1043,
      command: '5b1d0c0e-6f0b-4a3e-9a55-0a4d2e8f7c11',
      outcome: 'done',
    },
  },
  {
    name: 'expired',
    summary: 'It came too late and moved nothing',
    model: 'door',
    payload: {
      id: '79-0e',
      at: '2026-11-22T08:15:30Z',
      seq: 79,
      command: '0f8a7f5e-2b52-4d0b-8f4f-8d0a7f1c2b33',
      outcome: 'refused',
      detail: 'expired',
    },
  },
]

const status: Example<Status>[] = [
  {
    name: 'online',
    summary: 'First message on each connection',
    model: 'door',
    payload: { online: true, at: '2026-11-22T08:14:58Z', firmware: 'reader 2.3.1' },
  },
  { name: 'offline', summary: 'Last will', model: 'door', payload: { online: false } },
]

const decision: Example<DecisionMessage>[] = [
  {
    name: 'granted',
    summary: 'Green light; the lock moves on the command',
    model: 'medicine-cabinet',
    payload: {
      id: 'c0a2e3a4-7a1f-4a27-8f1c-2f5b7a1e9d10',
      request: '1042-9f3c',
      granted: true,
      reason: 'granted',
      unlockMs: 5000,
      expiresAt: '2026-11-22T08:15:08.420Z',
    },
  },
  {
    name: 'denied',
    summary: 'Red light and the reason',
    model: 'door',
    payload: {
      id: '1d9b8c55-0f3a-4a0d-9b63-3c1f0a7e6b52',
      request: '77-1b20',
      granted: false,
      reason: 'outside-hours',
      expiresAt: '2026-11-22T08:15:08.020Z',
    },
  },
  {
    name: 'witnessAwaited',
    summary: 'Yellow light: a second person’s badge opens it within waitMs',
    model: 'medicine-cabinet',
    payload: {
      id: '7f3f2a10-5f0e-4d3b-8a52-1f0b6f4f9c21',
      request: '1051-02',
      granted: false,
      reason: 'witness-awaited',
      waitMs: 30_000,
      expiresAt: '2026-11-22T08:21:45.110Z',
    },
  },
]

const command: Example<CommandMessage>[] = [
  {
    name: 'unlock',
    summary: 'Release drawer 2 for five seconds',
    model: 'medicine-cabinet',
    payload: {
      id: '5b1d0c0e-6f0b-4a3e-9a55-0a4d2e8f7c11',
      expiresAt: '2026-11-22T08:15:08.420Z',
      action: 'unlock',
      point: 'drawer-2',
      unlockMs: 5000,
    },
  },
]

export const EXAMPLES = { badge, state, reading, ack, status, decision, command } as const
