/** Tables, as Kysely sees them. Times are milliseconds since 1970, UTC. SQL is written nowhere else than in record/. */

import type { Generated } from 'kysely'

export interface Schema {
  /** The chain: never updated, never deleted (triggers refuse both). */
  journal: { seq: number; at: number; kind: string; commitment: Buffer; hash: Buffer }
  /** What can be erased at its term while the chain still verifies. */
  journal_payload: { seq: number; salt: Buffer; body: string }
  /** Highest sequence number received from each device, moved in the same commit as the message's row. */
  inbox: { device: string; seq: number }
  meta: { key: string; value: string }
  /** One row per zone, schedule, role, person, ...: `body` is its JSON from the site file. */
  site_item: { kind: string; id: string; body: string; revision: number }
  /** Stands for a person or badge in the journal. `label` is the last known name, until it is erased. */
  pseudonym: { pseudonym: string; kind: string; id: string; label: string | null; role: string | null }
  device: { id: string; model: string; name: string; status: string; origin: string; added_at: number }
  certificate: {
    serial: string
    device: string
    not_before: number
    not_after: number
    fingerprint: string
    issued_at: number
    revoked_at: number | null
    reason: string | null
    /** What vouches for the device: its certificate, or a gateway's password (its hash stands as fingerprint). */
    kind: string
  }
  enrol_code: { hash: string; device: string; expires_at: number; used_at: number | null }
  /** `id` is the pseudonym that stands in the journal; `person` the person of the site that the operator is, if said. */
  operator: {
    id: string
    login: string
    name: string
    role: string
    /** Empty: signs in by passkey or by the hospital's provider only. */
    password_hash: string
    password_at: number | null
    created_at: number
    person: string | null
    /** invited, active or disabled. */
    status: Generated<string>
    /** JSON list; null: everywhere. */
    zones: string | null
    email: string | null
    /** Of the account, for edits. */
    revision: Generated<number>
    /** Base32; null: none. `totp_step`: of the newest code that was used. */
    totp_secret: string | null
    totp_step: number | null
    /** Where the account comes from the directory: its id there. */
    external: string | null
    /** Whom the identity provider vouches for, as `oidc:<issuer>:<sub>`; null: nobody has signed in so. */
    subject: string | null
    signed_in_at: number | null
  }
  /** `id`: WebAuthn credential id, base64url. `counter`: the highest seen. */
  passkey: {
    id: string
    operator: string
    public_key: Buffer
    counter: number
    transports: string
    name: string
    created_at: number
    used_at: number | null
  }
  /** SHA-256, base64url; a code that was used is gone. */
  recovery_code: { hash: string; operator: string }
  /** One-time links, by hash; one that was used or replaced is gone. */
  invitation: { hash: string; operator: string; expires_at: number }
  /** Keys for programs, by hash. `capabilities` and `zones` are JSON lists. */
  api_token: {
    id: string
    hash: string
    name: string
    operator: string
    capabilities: string
    zones: string | null
    created_at: number
    expires_at: number
    used_at: number | null
    revoked_at: number | null
  }
  /** Which person, by pseudonym, an operator has been from `since` until (exclusive) `until`; null: still is. */
  operator_link: { operator: string; person: string; since: number; until: number | null }
  /** What is going on. `revision` only where an operator's act wrote it; without a body it has ended. */
  situation: { kind: string; key: string; body: string | null; at: number; revision: number | null }
  /** Temporary grants. `person` is a site's person, by id. */
  access_grant: {
    id: string
    person: string
    body: string
    from_at: number
    until_at: number
    created_revision: number
    revoked_revision: number | null
    revoked_at: number | null
    /** The application that wrote it, by id, and the key it gave it. */
    tenant: string | null
    key: string | null
  }
  /** Connected applications. `scope` is JSON. Without a hash it has no token. */
  tenant: {
    id: string
    name: string
    /** active or cut-off. */
    status: string
    scope: string
    /** SHA-256, base64url. */
    token_hash: string | null
    expires_at: number
    created_at: number
    /** Pseudonym of the operator, or `cli:<user>`. */
    created_by: string
    used_at: number | null
    cut_off_at: number | null
    revision: number
  }
  /** Whom the hub tells. `kinds` and `zones` are JSON lists: no kinds, all of them. Owned by an application or an operator. */
  webhook: {
    id: string
    name: string
    url: string
    kinds: string
    zones: string | null
    tenant: string | null
    /** Pseudonym. */
    operator: string | null
    /** 1: told of guarded kinds too, as long as its owner may see them. */
    guarded: number
    /** whsec_ and base64; signing needs them as they are. */
    secret: string
    old_secret: string | null
    old_secret_until: number | null
    /** active or paused. */
    status: string
    paused_because: string | null
    paused_at: number | null
    created_at: number
    /** Every row up to this one was delivered, set aside, or is not for it. */
    seq: number
    delivered_at: number | null
    /** Since when nothing was delivered though something was tried. */
    failing_since: number | null
    /** Of the row after `seq`: first tried, how often, when next. */
    row_since: number | null
    attempts: number
    next_at: number | null
    revision: number
  }
  /** How the newest deliveries went. `outcome`: delivered, failed or dead. */
  webhook_delivery: {
    number: Generated<number>
    hook: string
    seq: number
    at: number
    attempt: number
    outcome: string
    status: number | null
    cause: string | null
    ms: number
  }
  /** Rows that were set aside; their words are in the journal, as long as they are there. */
  webhook_dead: { hook: string; seq: number; at: number; attempts: number; status: number | null; cause: string | null }
  /** Acts that wait for a second operator, and what became of them. `args`, `before`, `after` are JSON; `args` goes when decided. */
  approval: {
    number: Generated<number>
    id: string
    act: string
    /** Id of a site item, or of a person until it is decided. */
    subject: string | null
    args: string | null
    before: string | null
    after: string | null
    /** Pseudonym of an operator, or `cli:<user>`; so `decided_by`. */
    asker: string
    stated_reason: string | null
    asked_at: number
    expires_at: number
    state: string
    decided_by: string | null
    decided_at: number | null
    decision_reason: string | null
    cause: string | null
  }
  /** Browsers that stand beside a reader. One without a `hash` waits for its code to be typed. */
  station: {
    id: string
    name: string
    access_point: string
    hash: string | null
    code_hash: string | null
    code_expires_at: number | null
    created_at: number
    created_by: string
    paired_at: number | null
    expires_at: number | null
    used_at: number | null
  }
  job: { id: string; body: string; revision: number }
  /** Who arrives and who leaves. `body`: the form, JSON, null once its names are forgotten. `person`: of the site, by id. */
  movement: {
    number: Generated<number>
    id: string
    direction: string
    state: string
    person: string
    zone: string | null
    at: number
    body: string | null
    filed_by: string
    filed_at: number
    carried_out_at: number | null
    ended_at: number | null
    revision: number
  }
  movement_task: {
    movement: string
    id: string
    position: number
    kind: string
    label: string | null
    due_at: number
    done_at: number | null
    /** Pseudonym of the operator; null: seen by the hub. */
    done_by: string | null
  }
  /** What scenarios noticed. `body`: the incident, JSON. */
  incident: {
    number: Generated<number>
    id: string
    state: string
    severity: string
    zone: string | null
    at: number
    last_at: number
    next_step_at: number | null
    body: string
    revision: number
  }
  /** How somebody wants to be told. `body`: JSON. */
  contact: { operator: string; body: string; revision: number }
  /** Messages on their way to people. `body`: JSON, no text in it. */
  message: {
    id: string
    incident: string | null
    operator: string
    state: string
    at: number
    due_at: number
    body: string
  }
  armed_zone: { zone: string; at: number; by: string }
  push_browser: {
    id: string
    operator: string
    endpoint: string
    p256dh: string
    auth: string
    name: string
    at: number
  }
  maintenance: { id: string; zone: string | null; device: string | null; at: number; until_at: number; by: string }
  /** Who visits whom. `visitor` and `places`: JSON. `person`: of the site, by id, made for the visit. */
  visit: {
    number: Generated<number>
    id: string
    state: string
    person: string
    visitor: string | null
    host: string
    places: string
    badge: string | null
    shown_as: string
    from_at: number
    until_at: number
    announced_by: string
    announced_at: number
    ended_at: number | null
    ended_by: string | null
    revision: number
  }
  /** Users as the directory sends them. `user_key`: the name in lower case. `body`: what is kept of the resource, JSON. */
  scim_user: {
    number: Generated<number>
    id: string
    user_key: string
    external_id: string | null
    body: string
    /** Person of the site, by id; null: never was active. */
    person: string | null
    /** 1: the directory ended the account, and may let it begin again; who was disabled here stays so. */
    account_ended: number
    created_at: number
    changed_at: number
    revision: number
  }
  scim_group: {
    number: Generated<number>
    id: string
    /** In lower case. */
    name_key: string
    display_name: string
    external_id: string | null
    created_at: number
    changed_at: number
    revision: number
  }
  /** Both by their ids here. */
  scim_member: { group: string; user: string }
  /** Hexadecimal; `person` is a site's person, by id. */
  pin: { person: string; salt: string; hash: string; duress_hash: string; changed_at: number }
  /** What a change replaced: in force from revision `since` until (exclusive) `until`. */
  site_item_past: { kind: string; id: string; body: string; since: number; until: number }
  /** When each revision came into being. Its first row is where the record of the past begins. */
  revision_log: { revision: number; at: number }
  /** Whole subtrees of the Merkle tree over the journal, of 2^level leaves; only levels 8, 16, 24 are kept. Derived. */
  merkle_node: { level: number; idx: number; hash: Buffer }
  /** Signed notes: never updated, never deleted (triggers refuse both). `root` and `head`: of the tree and of the chain. */
  checkpoint: { size: number; at: number; root: Buffer; head: Buffer; note: string }
  /** Payloads that are gone, and the row that vouches for it. A payload that is not named here can't be deleted. */
  erased: { seq: number; row: number }
  /** Legal holds: `body` says what is kept, whatever its term. */
  hold: { id: string; body: string; placed_at: number; released_at: number | null }
  /** Erasures that were asked for; `person` is a pseudonym, null when done. */
  erasure: { id: string; person: string | null; asked_at: number; done_at: number | null }
  saved_search: { id: string; operator: string; name: string; body: string }
  export_schedule: { id: string; body: string; next_at: number; last_at: number | null }
  /** How far each destination has been served: journal rows, or checkpoints, by their seq or size. */
  forwarded: { destination: string; seq: number; at: number }
  /** Verifier keys of other hubs' journals that this hub watches over (C2SP), by what the journal is called in what it signs. */
  witness_key: { vkey: string; origin: string; added_at: number }
  /** The newest checkpoint seen of each. Kept when its keys are forgotten: nobody rolls it back by that. */
  witness_log: { origin: string; size: number; note: string; at: number }
  /** The newest cosignature that each hub gave for this journal: a line of a signed note. */
  cosignature: { destination: string; size: number; line: string; at: number }
  backup: { at: number; destination: string; file: string; rows: number; bytes: number; sha256: string }
  /** `stage`: factor, enrol or in. `client`: the browser in a few words. */
  session: {
    hash: string
    operator: string
    created_at: number
    seen_at: number
    expires_at: number
    stage: Generated<string>
    stepped_up_at: number | null
    client: Generated<string>
    address: Generated<string>
    /** Access point whose workstation it was begun at by a badge. */
    station: string | null
  }
}
