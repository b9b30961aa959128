/** Route schemas are the same TypeBox shapes as everywhere else; nothing is coerced, defaulted or dropped on the way. */
import type { FastifySchemaCompiler } from 'fastify'
import { shape, type TSchema } from '#devices/schema.ts'
import { VigieError } from '../errors.ts'

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const checked = shape(schema)
  return (value: unknown) => {
    const error = checked.error(value)
    if (!error) return { value }
    return {
      error: new VigieError('input-invalid', { field: error.path || (httpPart ?? 'body'), expected: error.expected }),
    }
  }
}
