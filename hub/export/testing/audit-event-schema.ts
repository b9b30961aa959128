/**
 * JSON Schema of what a FHIR R4 AuditEvent must look like in the basic patterns of IHE BALP: cardinalities and fixed values,
 * closed, so that a field that the standard does not have is refused. Written from the specification, not from our code.
 */
const text = { type: 'string', pattern: '^\\S[\\s\\S]*$' }
const uri = { type: 'string', pattern: '^(https?://|urn:)\\S+$' }
const code = { type: 'string', pattern: '^\\S+( \\S+)*$' }
const instant = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
}
const closed = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  minProperties: 1,
})
const some = (items: object, least = 1): object => ({ type: 'array', items, minItems: least })
const coding = closed({ system: uri, version: text, code, display: text }, ['system', 'code'])
const concept = closed({ coding: some(coding), text })
const reference = closed({
  reference: text,
  type: uri,
  identifier: closed({ system: uri, value: text }, ['value']),
  display: text,
})
const of = (system: string, value: string): object => ({
  required: ['type'],
  properties: {
    type: {
      required: ['coding'],
      properties: { coding: { contains: { properties: { system: { const: system }, code: { const: value } } } } },
    },
  },
})

const agent = {
  ...closed(
    {
      type: concept,
      role: some(concept),
      who: reference,
      altId: text,
      name: text,
      requestor: { type: 'boolean' },
      location: reference,
      policy: some(uri),
      media: coding,
      network: closed({ address: text, type: { enum: ['1', '2', '3', '4', '5'] } }),
      purposeOfUse: some(concept),
    },
    ['requestor', 'type', 'who'],
  ),
  // A user: BALP wants it to be the requestor, and no network device.
  anyOf: [
    { not: of('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'IRCP') },
    { properties: { requestor: { const: true }, network: false } },
  ],
}
const entity = {
  ...closed(
    {
      what: reference,
      type: coding,
      role: coding,
      lifecycle: coding,
      securityLabel: some(coding),
      name: text,
      description: text,
      query: { type: 'string', pattern: '^[A-Za-z0-9+/]+=*$' },
      detail: some(closed({ type: text, valueString: text, valueBase64Binary: text }, ['type'])),
    },
    ['type', 'role'],
  ),
  // R4, sev-1: either a name or a query.
  not: { required: ['name', 'query'] },
}

export const AUDIT_EVENT_SCHEMA = closed(
  {
    resourceType: { const: 'AuditEvent' },
    id: { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' },
    type: {
      allOf: [
        coding,
        {
          properties: {
            system: {
              enum: [
                'http://dicom.nema.org/resources/ontology/DCM',
                'http://terminology.hl7.org/CodeSystem/audit-event-type',
              ],
            },
          },
        },
      ],
    },
    subtype: some(coding),
    action: { enum: ['C', 'R', 'U', 'D', 'E'] },
    period: closed({ start: instant, end: instant }),
    recorded: instant,
    outcome: { enum: ['0', '4', '8', '12'] },
    outcomeDesc: text,
    purposeOfEvent: some(concept),
    agent: some(agent, 2),
    source: closed({ site: text, observer: reference, type: some(coding) }, ['observer']),
    entity: some(entity),
  },
  ['resourceType', 'type', 'subtype', 'action', 'recorded', 'outcome', 'agent', 'source'],
)
