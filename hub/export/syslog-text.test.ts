import { describe, expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import { auditMessage } from './atna.ts'
import { sendable } from './sendable.ts'
import { checkpointMessage, element, messageBytes, plainMessage, visible } from './syslog-text.ts'

const SENDER = { host: 'hub.example', pid: 7, journal: 'vigie-journal/00', site: 'test-site' }
const EVIL = 'a"]\\ [x@1 y="z"]\r\n<110>1 2026-01-01T00:00:00Z h a - - - forged\u0000'
const rowOf = (event: VigieEvent) => ({
  seq: 12,
  at: 1_790_000_000_123,
  kind: event.kind,
  hash: 'ff',
  event,
  after: 10,
})

describe('a message for a log server', () => {
  it('has the header of RFC 5424: priority, version, time in ms UTC, host, name, process, kind', () => {
    const text = plainMessage(rowOf({ kind: 'hub.started', version: '1' }), SENDER).toString()
    expect(text).toMatch(
      /^<109>1 2026-09-21T14:13:20\.123Z hub\.example vigie 7 hub\.started \[origin software="vigie"\]\[vigie@32473 journal="vigie-journal\/00" seq="12" after="10" hash="ff"\] \uFEFF\{"seq":12,/,
    )
  })

  it('keeps whatever a value holds within its quotes', () => {
    expect(element('x', [['y', 'a"]\\b\nc']])).toBe('[x y="a\\"\\]\\\\b c"]')
    const bytes = messageBytes(
      { facility: 13, severity: 5, at: 0, id: EVIL, data: [element('x', [['y', EVIL]])], text: '{}', marked: false },
      { ...SENDER, host: EVIL },
    ).toString()
    expect(bytes).not.toMatch(/\p{Cc}/u)
    expect(bytes.split(' ').slice(0, 3)).toEqual(['<109>1', '1970-01-01T00:00:00.000Z', visible(EVIL, 255)])
    expect(visible('é é', 5)).toBe('-')
  })

  it('carries no free text, no reference to a patient and no value with a space, whatever its field', () => {
    const event = {
      kind: 'access.granted',
      device: 'door one',
      message: 'm',
      person: 'p-1',
      credential: EVIL,
      statedReason: 'urgence',
      reference: { kind: 'patient', id: 'ref-9' },
      state: { lock: 'locked', note: 'two words' },
      via: { kind: 'rule', role: 'nurse', right: 0, comment: 'x' },
      unknownField: 'x',
    } as unknown as VigieEvent
    expect(sendable(event)).toEqual({
      kind: 'access.granted',
      message: 'm',
      person: 'p-1',
      state: { lock: 'locked' },
      via: { kind: 'rule', role: 'nurse', right: 0 },
    })
  })

  it('stays within what every receiver takes: fields that are too long are named and left out', () => {
    const released = Array.from({ length: 3_000 }, (_, i) => `door-${i}`)
    const event: VigieEvent = { kind: 'evacuation.released', plan: 'all', released, silent: [] }
    expect(sendable(event)).toEqual({ kind: 'evacuation.released', plan: 'all', silent: [], cut: ['released'] })
    expect(plainMessage(rowOf(event), SENDER).length).toBeLessThan(8_192)
  })

  it('of a checkpoint holds the signed note as it is', () => {
    const note = 'origin\n1\nroot\n\n— key sig\n'
    const text = checkpointMessage({ size: 1, at: 0, note }, SENDER).toString()
    expect(JSON.parse(text.slice(text.indexOf('\uFEFF') + 1))).toEqual({ checkpoint: note })
    expect(text).not.toContain('\n')
  })

  it('as XML is escaped, and holds no character that XML has no place for', () => {
    const event = {
      kind: 'access.denied',
      device: '<"&\'>',
      reason: 'no-right',
      person: 'p-\uFFFE',
    } as unknown as VigieEvent
    const xml = auditMessage(rowOf(event), { ...SENDER, host: EVIL })
    expect(xml).toContain('ParticipantObjectID="&lt;&quot;&amp;&apos;&gt;"')
    expect(xml).not.toMatch(/[\p{Cc}\uFFFE]/u)
    expect(xml).toContain('EventOutcomeIndicator="4"')
  })
})
