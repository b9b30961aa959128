/**
 * Rows as a FHIR R4 Bundle (collection): the hub, the checkpoint that vouches for the journal, an AuditEvent for each row.
 * Written entry by entry, so that it may be as long as the journal.
 */
import { auditEvent, identifier, urlOf } from './fhir-event.ts'
import { shown } from './row-facts.ts'
import type { ExportAbout, ExportBytes, ExportRows } from './source.ts'

export async function* fhir(rows: ExportRows, about: ExportAbout): ExportBytes {
  yield `${headOf(about)}\n${entry('hub', hubOf(about), about)},\n${entry('checkpoint', checkpointOf(about), about)}`
  for await (const slice of rows) {
    let text = ''
    for (const row of shown(slice, about)) text += `,\n${entry(`row-${row.seq}`, auditEvent(row, about), about)}`
    if (text !== '') yield text
  }
  yield '\n]}\n'
}

function headOf(about: ExportAbout): string {
  const head = {
    resourceType: 'Bundle',
    id: about.exportId,
    identifier: { system: `urn:x-vigie:${encodeURIComponent(about.site.id)}:export`, value: about.exportId },
    type: 'collection',
    timestamp: new Date(about.askedAt).toISOString(),
  }
  return `${JSON.stringify(head).slice(0, -1)},"entry":[`
}

const entry = (id: string, resource: object, about: ExportAbout): string =>
  JSON.stringify({ fullUrl: urlOf(id, about), resource })

const hubOf = (about: ExportAbout): object => ({
  resourceType: 'Device',
  id: 'hub',
  identifier: [identifier('device', 'hub', about)],
  status: 'active',
  deviceName: [{ name: 'Vigie', type: 'model-name' }],
})

/** The signed note, and the keys that it is checked with: as they are, so that a program checks them. */
function checkpointOf({ checkpoint, by, statedReason, language }: ExportAbout): object {
  const attached = (title: string, text: string): object => ({
    attachment: { contentType: 'text/plain; charset=utf-8', title, data: Buffer.from(text).toString('base64') },
  })
  const asked = language === 'fr' ? `Établi par ${by}` : `Made by ${by}`
  return {
    resourceType: 'DocumentReference',
    id: 'checkpoint',
    status: 'current',
    date: new Date(checkpoint.at).toISOString(),
    description: `${asked}. ${statedReason}`,
    content: [attached('checkpoint', checkpoint.note), attached('verifier keys', `${checkpoint.keys.join('\n')}\n`)],
  }
}
