/** Route schemas are the same TypeBox shapes as everywhere else; nothing is coerced, defaulted or dropped on the way. */
import type { FastifySchemaCompiler } from 'fastify'
import { shape, type TSchema } from '#devices/schema.ts'
import { said } from '../access/french.ts'
import { VigieError } from '../errors.ts'

type Checked = { readonly value: unknown } | { readonly error: VigieError }

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => checkOf(schema, httpPart)

/** A body of one of two shapes, told apart by a field: what is wrong is said of the shape that was meant. */
export function compileEither(one: TSchema, other: TSchema, field: string): FastifySchemaCompiler<TSchema> {
  const [checkOne, checkOther] = [checkOf(one, 'body'), checkOf(other, 'body')]
  return route =>
    route.httpPart !== 'body'
      ? compileValidator(route)
      : value =>
          (typeof value === 'object' && value !== null && Object.hasOwn(value, field) ? checkOther : checkOne)(value)
}

function checkOf(schema: TSchema, httpPart: string | undefined): (value: unknown) => Checked {
  const checked = shape(schema)
  return value => {
    const error = checked.error(value)
    if (!error) return { value }
    const field = error.path || (httpPart ?? 'body')
    return { error: new VigieError('input-invalid', { field, expected: said(error.expected) }) }
  }
}
