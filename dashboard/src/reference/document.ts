/** What the reference page reads of the hub's own description, GET /api/v1/openapi.json. */

export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly description?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
}
export interface Parameter {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>
export interface Answer {
  readonly description: string
  readonly content?: Content
  readonly 'x-vigie-codes'?: readonly string[]
}
export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, Answer>>
  readonly 'x-codeSamples': readonly { readonly source: string }[]
  readonly 'x-vigie-fr': string
  readonly 'x-vigie-capability': string
  readonly 'x-vigie-step-up'?: true
}
export interface Document {
  readonly info: { readonly version: string }
  readonly tags: readonly { readonly name: string; readonly description: string; readonly 'x-vigie-fr': string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
  readonly 'x-vigie-errors': Readonly<
    Record<string, { readonly status: number; readonly en: string; readonly fr: string }>
  >
  readonly 'x-vigie-roles': Readonly<Record<string, readonly string[]>>
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}
/** Of one heading, in the order of their paths. */
export const callsOf = (document: Document, tag: string): Call[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.tags[0] === tag)
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )

export const rolesWith = (document: Document, capability: string): string[] =>
  Object.entries(document['x-vigie-roles'])
    .filter(([, capabilities]) => capabilities.includes(capability))
    .map(([role]) => role)

export const failuresOf = ({ responses }: Operation): string[] =>
  Object.values(responses).flatMap(answer => answer['x-vigie-codes'] ?? [])

/** One field of a shape; nested ones are further in. */
export interface Line {
  readonly depth: number
  readonly name: string
  readonly optional: boolean
  readonly type: string
  /** A shape with a name of its own. */
  readonly ref?: string
  readonly note?: string
}

const refOf = (schema: Schema): string | undefined => schema.$ref?.split('/').at(-1)

/** The fields of a shape, from the top. A shape that is not an object is one line without a name. */
export function linesOf(schema: Schema, depth = 0): Line[] {
  const inner = schema.type === 'array' ? schema.items : schema
  if (inner?.properties === undefined) return depth === 0 ? [lineOf('', false, schema, 0)] : []
  const required = new Set(inner.required)
  return Object.entries(inner.properties).flatMap(([name, field]) => [
    lineOf(name, !required.has(name), field, depth),
    ...linesOf(field, depth + 1),
  ])
}

function lineOf(name: string, optional: boolean, schema: Schema, depth: number): Line {
  const ref = refOf(schema) ?? (schema.items && refOf(schema.items))
  const note = [schema.description, limitsOf(schema)].filter(Boolean).join('. ')
  return { depth, name, optional, type: typeOf(schema), ...(ref && { ref }), ...(note && { note }) }
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return refOf(schema) ?? ''
  if (schema.items) return `${typeOf(schema.items)}[]`
  if (schema.enum) return schema.enum.map(v => JSON.stringify(v)).join(' | ')
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ')
  if (typeof schema.additionalProperties === 'object') return `{ […]: ${typeOf(schema.additionalProperties)} }`
  return schema.type ?? '…'
}

function limitsOf({ pattern, minimum, maximum, minLength, maxLength }: Schema): string {
  if (pattern) return pattern
  const [from, to] = [minimum ?? minLength, maximum ?? maxLength]
  return from === undefined && to === undefined ? '' : `${from ?? ''}–${to ?? ''}`
}
