/** What the shapes of answers are made of. They say what is sent; nothing at run time is dropped or changed by them. */
import { type Static, type TSchema, Type } from '#devices/schema.ts'
import type { Said } from '../../errors.ts'
import type { EventKind } from '../../events.ts'
import { KINDS } from '../routes/events.ts'

/** The document gives a shape of this name a place of its own among its components. */
export const NAME = 'x-vigie-name'

/** A copy: shapes of the site are used elsewhere too. @param name as readers of the document, and the types generated from it, know the shape */
export function named<S extends TSchema>(name: string, schema: S): S {
  const copy: S = Object.create(Object.getPrototypeOf(schema), Object.getOwnPropertyDescriptors(schema))
  return Object.assign(copy, { [NAME]: name })
}

export const strict = { additionalProperties: false } as const
export const Text = Type.String()
export const Count = Type.Integer({ minimum: 0 })
export const Ms = Type.Integer({ description: 'Milliseconds since 1970, UTC' })
export const Yes = Type.Literal(true)
export const Kind = named('EventKind', Type.Enum(Object.keys(KINDS) as EventKind[]))
export const SaidShape = named('Said', Type.Object({ fr: Text, en: Text }, strict))
export const NamedIdShape = named('NamedId', Type.Object({ id: Text, name: Text }, strict))
export const SomeoneShape = named(
  'Someone',
  Type.Object({ id: Type.Optional(Text), name: Text, role: Type.Optional(Text) }, strict),
)
export const ProblemShape = named(
  'Problem',
  Type.Object(
    {
      type: Type.String({ description: 'urn:vigie:problem: and the code' }),
      title: Type.String({ description: 'One sentence, in the language that Accept-Language asks for: fr or en' }),
      status: Type.Integer(),
      code: Type.String({ description: 'Of the error table: docs/errors.md' }),
      field: Type.Optional(Type.String({ description: 'Which field of the request' })),
      seconds: Type.Optional(Type.Number({ description: 'When to try again; also in Retry-After' })),
      id: Type.Optional(Type.String({ description: 'Status 500: the id under which the cause stands in the log' })),
    },
    { ...strict, description: 'RFC 9457' },
  ),
)

/** Of types with `readonly` and intersections, and of those that shapes stand for, what is the same once both are told plainly. */
type Plain<T> = unknown extends T
  ? unknown
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer I)[]
      ? Plain<I>[]
      : { -readonly [K in keyof T]: Plain<T[K]> }
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false
/** Compiles only for a shape that stands for exactly this type, either way round. */
export type Fits<S extends TSchema, T> = Same<Plain<Static<S>>, Plain<T>>
/** A list of `Fits`, each of which must be true. */
export type Proven<T extends readonly true[]> = T
export type PartsProven = Proven<[Fits<typeof SaidShape, Said>]>
