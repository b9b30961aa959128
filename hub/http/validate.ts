/** Route schemas are the same TypeBox shapes as everywhere else; nothing is coerced, defaulted or dropped on the way. */
import type { FastifySchemaCompiler } from 'fastify'
import { shape, type TSchema } from '#devices/schema.ts'
import { said } from '../access/french.ts'
import { VigieError } from '../errors.ts'

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const checked = shape(schema)
  return (value: unknown) => {
    const error = checked.error(value)
    if (!error) return { value }
    const field = error.path || (httpPart ?? 'body')
    return { error: new VigieError('input-invalid', { field, expected: said(error.expected) }) }
  }
}
