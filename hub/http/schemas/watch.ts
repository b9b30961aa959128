/** What is watched for, who is on call and what is being worked on, as they are asked for and answered. */
import { Type } from '#devices/schema.ts'
import type { MaintenanceList, MaintenanceView, MaintenanceWish, OnCallList, ScenarioList } from '../../api.ts'
import { Id } from '../operator.ts'
import { Count, type Fits, Ms, named, type Proven, strict, Text } from './parts.ts'

/** Seven days, in minutes. */
const WEEK = 10_080
export const MaintenanceWishShape = Type.Object(
  {
    zone: Type.Optional(Id),
    device: Type.Optional(Id),
    minutes: Type.Integer({ minimum: 1, maximum: WEEK, description: 'Then it ends by itself; 7 days at most' }),
    comment: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })),
  },
  strict,
)
export const MaintenanceShape = named(
  'Maintenance',
  Type.Object(
    {
      id: Text,
      zone: Type.Optional(Text),
      device: Type.Optional(Text),
      at: Ms,
      until: Ms,
      by: Text,
      name: Type.Optional(Text),
    },
    strict,
  ),
)
export const MaintenanceListShape = named(
  'MaintenanceList',
  Type.Object({ maintenance: Type.Array(MaintenanceShape) }, strict),
)
export const MaintenanceEndedShape = named('MaintenanceEnded', Type.Object({ id: Text }, strict))
export const OnCallShape = named(
  'OnCall',
  Type.Object(
    {
      rotas: Type.Array(
        Type.Object(
          {
            id: Text,
            name: Text,
            turns: Type.Array(
              Type.Object(
                {
                  login: Text,
                  name: Type.Optional(Type.String({ description: 'Absent: no account that may take alerts' })),
                  from: Ms,
                  until: Ms,
                  standIn: Type.Optional(Type.Literal(true)),
                },
                strict,
              ),
            ),
          },
          strict,
        ),
      ),
    },
    strict,
  ),
)
export const ScenariosShape = named(
  'Scenarios',
  Type.Object(
    {
      scenarios: Type.Array(
        Type.Object(
          {
            id: Text,
            name: Text,
            namedHere: Type.Boolean({ description: 'False: it has the French name that it ships with' }),
            origin: Type.Enum(['shipped', 'changed', 'site']),
            enabled: Type.Boolean(),
            revision: Type.Integer({ description: 'Of the item scenario; 0: it is none yet' }),
            scenario: Type.Object({}, { additionalProperties: true, description: 'As docs/site.schema.json has it' }),
            weeks: Type.Array(Type.Object({ from: Ms, signals: Count, incidents: Count, falseAlarms: Count }, strict), {
              description: 'What it came to in each of the last weeks, the newest first',
            }),
          },
          strict,
        ),
      ),
    },
    strict,
  ),
)
export type WatchProven = Proven<
  [
    Fits<typeof MaintenanceWishShape, MaintenanceWish>,
    Fits<typeof MaintenanceShape, MaintenanceView>,
    Fits<typeof MaintenanceListShape, MaintenanceList>,
    Fits<typeof OnCallShape, OnCallList>,
    Fits<typeof ScenariosShape, ScenarioList>,
  ]
>
