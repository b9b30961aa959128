/** What a site file says of who is told of alerts: rotas of people on call, and how an incident escalates. */
import { type Static, Type } from '#devices/schema.ts'
import { ALERT_KINDS, SEVERITIES } from '../rules/scenarios.ts'
import { Id, Instant, Minutes, Name, strict } from './site-parts.ts'

const Login = Type.String({ minLength: 1, maxLength: 80, description: 'Of an account of this hub' })

export const Rota = Type.Object(
  {
    id: Id,
    name: Name,
    people: Type.Array(Login, { minItems: 1, maxItems: 50, description: 'They take turns in this order' }),
    from: Type.String({
      pattern: '^\\d{4}-\\d\\d-\\d\\d$',
      description: 'The day on which the first turn of the first of them begins; nobody is on call before',
    }),
    handover: Type.String({
      pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
      description: 'HH:MM on the wall clock of the site: each turn ends, and the next begins',
    }),
    days: Type.Integer({ minimum: 1, maximum: 28, description: 'Of one turn' }),
    standIns: Type.Optional(
      Type.Array(Type.Object({ login: Login, from: Instant, until: Instant }, strict), {
        maxItems: 200,
        description: 'They are on call in that time, instead of whoever has the turn; of several the last one',
      }),
    ),
  },
  strict,
)
const To = Type.Union([
  Type.Object(
    { role: Type.Enum(['security', 'ward-manager', 'it', 'administrator']) },
    { ...strict, description: 'Every account of this role whose zones hold the incident' },
  ),
  Type.Object({ onCall: Id }, { ...strict, description: 'Whoever is on call by this rota' }),
  Type.Object({ logins: Type.Array(Login, { minItems: 1, maxItems: 20 }) }, strict),
])
export const Escalation = Type.Object(
  {
    id: Id,
    name: Name,
    zones: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 200, description: 'With those below; none: all' })),
    kinds: Type.Optional(Type.Array(Type.Enum(ALERT_KINDS), { minItems: 1, description: 'Of alerts; none: all' })),
    from: Type.Optional(Type.Enum(SEVERITIES, { description: 'Below it nobody is told; default warning' })),
    steps: Type.Array(
      Type.Object(
        { afterMinutes: Minutes(0, 1440, 'After the step before; of the first: after the alert'), to: To },
        strict,
      ),
      { minItems: 1, maxItems: 10, description: 'Until somebody acknowledges' },
    ),
    rounds: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, description: 'All steps so often; default 3' })),
    againAfterMinutes: Type.Optional(Minutes(1, 1440, 'From the last step to the first of the next round; default 10')),
  },
  {
    ...strict,
    description: 'Of several the one of the nearest zone counts, and of these one that names the kind of alert',
  },
)
export type Rota = Static<typeof Rota>
export type Escalation = Static<typeof Escalation>
