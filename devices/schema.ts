/**
 * The one door to the schema library: everything that checks a shape (device messages, site file, configuration,
 * routes) builds it with `Type` and checks it with `shape()`.
 */
import Type from 'typebox'
import { Compile } from 'typebox/compile'

export type { Static, TObject, TSchema } from 'typebox'
export { Type }

/** The first thing wrong with a value: where (a JSON pointer, '' for the whole) and what was expected. */
export interface ShapeError {
  readonly path: string
  readonly expected: string
}

export interface Shape<T> {
  readonly schema: Type.TSchema
  /** True if the value has exactly this shape; unknown fields are refused where the schema says so. */
  is(value: unknown): value is T
  /** Undefined if the value fits, else the first error. Never quotes the value itself. */
  error(value: unknown): ShapeError | undefined
}

/** Compiles a schema once; checking afterwards is a plain function call. */
export function shape<S extends Type.TSchema>(schema: S): Shape<Type.Static<S>> {
  const compiled = Compile(schema)
  return {
    schema,
    is: (value): value is Type.Static<S> => compiled.Check(value),
    error: value => (compiled.Check(value) ? undefined : describe(compiled.Errors(value)[0])),
  }
}

function describe(
  error: { keyword: string; instancePath: string; message: string; params: object } | undefined,
): ShapeError {
  if (!error) return { path: '', expected: 'a value of the documented shape' }
  if (error.message === 'schema is false') return { path: plain(error.instancePath), expected: 'no such field' }
  const missing = 'requiredProperties' in error.params ? String(error.params.requiredProperties) : ''
  if (missing)
    return { path: `${plain(error.instancePath)}/${missing.split(',')[0]}`, expected: 'this field is required' }
  const allowed =
    'allowedValues' in error.params ? `one of ${JSON.stringify(error.params.allowedValues)}` : error.message
  return { path: plain(error.instancePath), expected: allowed }
}

/** A pointer may hold a sender's own field name: kept short and to harmless characters before it reaches a log or page. */
function plain(pointer: string): string {
  return pointer.replace(/[^A-Za-z0-9_/.-]/g, '?').slice(0, 80)
}
