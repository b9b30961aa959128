import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { fhir } from './fhir.ts'
import { auditEvent } from './fhir-event.ts'
import { AUDIT_EVENT_SCHEMA } from './testing/audit-event-schema.ts'
import { aboutExport, everyRow, SAMPLES, sliced, textOf } from './testing/samples.ts'

const valid = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false }).compile(AUDIT_EVENT_SCHEMA)
const about = aboutExport()
const rows = everyRow()
const rowOf = (kind: keyof typeof SAMPLES) => rows.find(row => row.kind === kind) as (typeof rows)[number]
const eventOf = (kind: keyof typeof SAMPLES): Record<string, unknown> =>
  structuredClone(auditEvent(rowOf(kind), about)) as Record<string, unknown>
interface Bundle {
  readonly type: string
  readonly entry: readonly { readonly fullUrl: string; readonly resource: Readonly<Record<string, unknown>> }[]
}
const bundled = async (): Promise<Bundle> => JSON.parse(await textOf(fhir(sliced(rows), about)))
const BTG = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'BTG' }] }

describe('a row as a FHIR AuditEvent', () => {
  it.each(Object.keys(SAMPLES) as (keyof typeof SAMPLES)[])('%s has the shape of BALP', kind => {
    valid(eventOf(kind))
    expect(valid.errors).toBeNull()
  })

  it('an erased row has it too, and names the row that erased it', () => {
    const erased = auditEvent(rows.at(-1) as (typeof rows)[number], about)
    valid(erased)
    expect(valid.errors).toBeNull()
    expect(JSON.stringify(erased)).toContain('{"type":"erasedBy","valueString":"3"}')
    expect(JSON.stringify(erased)).not.toContain('p-0f3a')
  })

  it.each<[string, (event: Record<string, unknown>) => void]>([
    ['no recorded', event => delete event.recorded],
    ['no outcome', event => delete event.outcome],
    ['an outcome that is none', event => Object.assign(event, { outcome: '1' })],
    ['no subtype', event => Object.assign(event, { subtype: [] })],
    ['one agent', event => Object.assign(event, { agent: [(event.agent as object[])[0]] })],
    ['a user who did not ask', event => Object.assign((event.agent as object[])[0] as object, { requestor: false })],
    ['a user who is a machine', event => Object.assign((event.agent as object[])[0] as object, { network: {} })],
    ['no observer', event => Object.assign(event, { source: { site: 'x' } })],
    ['a query with a name', event => Object.assign((event.entity as object[])[0] as object, { query: 'e30=' })],
    ['a field that R4 does not have', event => Object.assign(event, { occurredDateTime: '2026-11-22T08:15:03Z' })],
  ])('the schema refuses one with %s', (_, spoil) => {
    const event = eventOf('access.granted')
    spoil(event)
    expect(valid(event)).toBe(false)
  })

  it('a decision is a security alert by roles, from the reader, for the person who asked', () => {
    expect(eventOf('access.granted')).toMatchObject({
      id: 'row-1',
      type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110113' },
      subtype: [
        { code: 'AuthZ-Role' },
        { system: 'urn:x-vigie:event-kind', code: 'access.granted', display: 'Accordé' },
      ],
      action: 'E',
      recorded: '2026-11-22T08:15:03.412Z',
      outcome: '0',
      agent: [
        { name: 'Zoé Lefèvre-Dąbrowska', requestor: true, role: [{ text: 'Infirmière' }] },
        { type: { coding: [{ code: 'WIT' }] }, who: { display: 'Éloïse Œillet' }, requestor: false },
        { network: { address: 'cabinet-2', type: '1' }, requestor: false },
        { who: { display: 'Centre hospitalier de l’Œuvre' } },
        { type: { coding: [{ code: 'authserver' }] } },
      ],
    })
  })

  it('a refusal is one too, and says why', () => {
    expect(eventOf('access.denied')).toMatchObject({ outcome: '4', outcomeDesc: 'hors horaire' })
    expect(eventOf('lock.failed')).toMatchObject({ outcome: '8' })
    expect(eventOf('journal.export-failed')).toMatchObject({ outcome: '8', outcomeDesc: 'disk-full' })
  })

  it('an emergency opening has its purpose, at the event and at who asked', () => {
    const opened = eventOf('break-glass.opened')
    expect(opened).toMatchObject({ purposeOfEvent: [{ ...BTG, text: 'Arrêt cardiaque' }] })
    expect((opened.agent as object[])[0]).toMatchObject({ requestor: true, purposeOfUse: [BTG] })
    const granted = rowOf('access.granted')
    const through = {
      ...granted,
      event: { ...SAMPLES['access.granted'], via: { kind: 'break-glass', id: 'bg-1' } as const },
    }
    expect(auditEvent(through, about)).toMatchObject({ purposeOfEvent: [BTG] })
    expect(eventOf('access.granted')).not.toHaveProperty('purposeOfEvent')
  })

  it('a reading of the journal is a query, with what was looked for', () => {
    const query = (eventOf('journal.read').entity as { query?: string }[]).find(e => e.query !== undefined)?.query
    expect(JSON.parse(Buffer.from(query ?? '', 'base64').toString())).toEqual({ zone: 'urgences' })
    expect(eventOf('journal.read')).toMatchObject({ type: { code: '110112' } })
    expect(eventOf('operator.refused')).toMatchObject({ type: { code: '110114' }, outcome: '4' })
    expect(eventOf('hub.started')).toMatchObject({ type: { code: '110100' }, subtype: [{ code: '110120' }, {}] })
    expect(eventOf('journal.exported')).toMatchObject({ type: { code: '110106' }, action: 'R' })
  })
})

describe('fhir', () => {
  it('is a collection of the hub, the checkpoint and the rows; who opened under duress is not in it', async () => {
    const { type, entry } = await bundled()
    expect(type).toBe('collection')
    const kinds = entry.map(({ resource }) => resource.resourceType)
    expect(kinds.slice(0, 2)).toEqual(['Device', 'DocumentReference'])
    expect(kinds.slice(2)).toEqual(Array(rows.length - 1).fill('AuditEvent'))
    expect(JSON.stringify(entry)).not.toContain('duress')
  })

  it('gives each entry an address of its own, and the observer is one of them', async () => {
    const { entry } = await bundled()
    const urls = entry.map(({ fullUrl }) => fullUrl)
    expect(new Set(urls).size).toBe(urls.length)
    for (const url of urls)
      expect(url).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(entry[2]?.resource).toMatchObject({ source: { observer: { reference: urls[0] } } })
  })

  it('carries the checkpoint as it was signed', async () => {
    const { entry } = await bundled()
    const document = entry[1]?.resource as { content: { attachment: { data: string } }[] } | undefined
    const texts = document?.content.map(({ attachment }) => Buffer.from(attachment.data, 'base64').toString())
    expect(texts).toEqual([about.checkpoint.note, `${about.checkpoint.keys.join('\n')}\n`])
  })

  it('is a collection without rows too', async () => {
    expect(JSON.parse(await textOf(fhir(sliced([]), about))).entry).toHaveLength(2)
  })
})
