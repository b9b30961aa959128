/** The document as data: what of OpenAPI 3.1 it uses, its components, and one order for everything in it. */
import { NAME } from './schemas/parts.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export interface Parameter {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly schema: object
  example?: unknown
}
export interface Content {
  readonly schema?: object
  example?: unknown
}
export interface ResponseObject {
  readonly description: string
  readonly content?: Readonly<Record<string, Content>>
  readonly headers?: Readonly<Record<string, object>>
  /** Codes of the error table that this status stands for here. */
  readonly 'x-vigie-codes'?: readonly string[]
}
export interface OperationObject {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly 'x-vigie-fr': string
  readonly 'x-vigie-capability': string
  /** Asks for a fresh second factor. */
  readonly 'x-vigie-step-up'?: true
  /** Open to connected applications, within their scope. */
  readonly 'x-vigie-tenant'?: true
  /** For programs alone. */
  readonly 'x-vigie-token-only'?: true
  /** How far a session must have come, where that is not all the way. */
  readonly 'x-vigie-stages'?: readonly string[]
  parameters?: Parameter[]
  requestBody?: { readonly required?: boolean; readonly content: Record<string, Content> }
  responses: Record<string, ResponseObject>
  'x-codeSamples'?: readonly { readonly lang: string; readonly label: string; readonly source: string }[]
}
export interface Document {
  readonly openapi: string
  readonly info: object
  readonly tags: readonly { readonly name: string; readonly description: string; readonly 'x-vigie-fr': string }[]
  readonly paths: Record<string, Record<string, OperationObject>>
  readonly components: {
    readonly schemas: Record<string, object>
    readonly headers?: Readonly<Record<string, object>>
    readonly securitySchemes: object
  }
  /** Status and words of each code that an answer may have. */
  readonly 'x-vigie-errors'?: Readonly<Record<string, object>>
  /** What each role may do. */
  readonly 'x-vigie-roles'?: Readonly<Record<string, readonly string[]>>
}

/** Shapes with a name stand once, in `components`, and are pointed at. Paths and components are in order. */
export function tidied(document: Document): Document {
  const schemas = new Map<string, Json>()
  const paths = Object.entries(document.paths).toSorted(byKey)
  const moved = hoisted(Object.fromEntries(paths) as unknown as Json, schemas)
  return {
    ...document,
    paths: moved as unknown as Document['paths'],
    components: {
      ...document.components,
      schemas: Object.fromEntries([...schemas].toSorted(byKey)) as unknown as Record<string, object>,
    },
  }
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)
const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function hoisted(value: Json, schemas: Map<string, Json>): Json {
  if (Array.isArray(value)) return value.map(item => hoisted(item, schemas))
  if (!isObject(value)) return value
  const { [NAME]: name, ...rest } = value
  const own = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, hoisted(item, schemas)]))
  if (typeof name !== 'string') return own
  keep(name, own, schemas)
  return { $ref: `#/components/schemas/${name}` }
}

/** @throws Error where two shapes have one name */
function keep(name: string, shape: Json, schemas: Map<string, Json>): void {
  const known = schemas.get(name)
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(shape))
    throw new Error(`two shapes are called ${name}`)
  schemas.set(name, shape)
}
