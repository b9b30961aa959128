/** What the HTTP edge asks of incidents; wiring/incidents.ts hands it in. */
import type {
  ArmedZones,
  Assignees,
  IncidentDone,
  IncidentList,
  IncidentView,
  MaintenanceList,
  MaintenanceView,
  MaintenanceWish,
  OnCallList,
  ScenarioList,
  ZoneArming,
} from '../api.ts'
import type { IncidentAct } from '../rules/incidents.ts'
import type { Reach } from '../rules/zones.ts'

/** What is being worked on. */
export interface MaintenanceDesk {
  list(reach: Reach): MaintenanceList
  /** @throws VigieError one-place, zone-unknown, device-unknown, journal-unavailable */
  begin(wish: MaintenanceWish, who: IncidentAsk): Promise<MaintenanceView>
  /** @throws VigieError maintenance-unknown, journal-unavailable */
  end(id: string, who: IncidentAsk): Promise<{ readonly id: string }>
}
/** What is watched for, and who is on call. */
export interface WatchDesk {
  readonly maintenance: MaintenanceDesk
  scenarios(): Promise<ScenarioList>
  onCall(): OnCallList
}
export interface IncidentQuery {
  readonly open?: boolean
  readonly severity?: string
  readonly before?: number
  readonly limit: number
}
/** Who asks: as the journal names them, and the zones that their role counts in. */
export interface IncidentAsk {
  readonly by: string
  readonly reach: Reach
}
export interface IncidentDesk {
  list(query: IncidentQuery, reach: Reach): IncidentList
  /** @throws VigieError incident-unknown */
  view(id: string, reach: Reach): IncidentView
  /** @throws VigieError incident-unknown, incident-over, incident-acknowledged, snooze-too-long, operator-unknown, edit-conflict */
  act(
    id: string,
    act: IncidentAct,
    who: IncidentAsk & { readonly expected: number; readonly comment?: string },
  ): Promise<IncidentDone>
  /** Pseudonym of an active account that may take this incident. @throws VigieError operator-unknown, assignee-without-alerts */
  assignee(login: string, incident: string): string
  /** @throws VigieError incident-unknown */
  assignees(id: string, reach: Reach): Assignees
  armed(reach: Reach): ArmedZones
  /** @throws VigieError zone-unknown, journal-unavailable */
  arm(zone: string, isArmed: boolean, who: IncidentAsk): Promise<ZoneArming>
}
