/** The small shapes that a site file is made of. */
import { ID_PATTERN } from '#devices/messages.ts'
import { Type } from '#devices/schema.ts'

export const strict = { additionalProperties: false } as const
export const Id = Type.String({ pattern: ID_PATTERN })
export const Name = Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?(Z|[+-]\\d\\d:\\d\\d)$',
  description: 'RFC 3339 with a zone; from is inclusive, until exclusive',
})
export const Clock = Type.String({
  pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
  description: 'HH:MM on the wall clock of the site',
})
export const LocalDate = Type.String({
  pattern: '^(\\d{4}|-)-\\d\\d-\\d\\d$',
  description: 'YYYY-MM-DD on the wall calendar of the site; --MM-DD (RFC 6350, 4.3.1) comes every year',
})
export const Minutes = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description })
