/** Other people's accounts, put together: the same for the command line and for HTTP, which mails the links too. */
import { randomUUID } from 'node:crypto'
import type { Invited, OperatorView, Role } from '../api.ts'
import type { Config } from '../config.ts'
import { causeOf, VigieError } from '../errors.ts'
import type { AccountState } from '../events.ts'
import { type KnownOperator, OperatorChanged } from '../flows/operator-changed.ts'
import { type LinkMade, OperatorInvited } from '../flows/operator-invited.ts'
import type { DirectoryAccount } from '../flows/operator-provided.ts'
import type { OperatorAdmin } from '../http/account-ports.ts'
import { hashOf, newSecret } from '../http/secrets.ts'
import { sendMail } from '../notify/mail.ts'
import { type AdminRow, operatorRow, operatorRows } from '../record/operators-admin.ts'
import type { Db } from '../record/sql.ts'
import { newOperatorId } from './accounts.ts'
import type { PerformOp } from './enrolment.ts'
import { within } from './within.ts'

export interface OperatorNeeds {
  /** For reading. */
  readonly db: Db
  readonly op: PerformOp
  /** Of the site as it is now. */
  readonly zones: () => readonly { readonly id: string }[]
  /** Resolves when the running hub knows of it. */
  readonly inForce: () => unknown
  /** Sessions of an account that counts for something else now. */
  readonly endSessions: (operator: string) => unknown
  /** Left out: links are not mailed. */
  readonly mail?: SendLink
  readonly now: () => number
}
/** @returns whether the mail server has taken it */
export type SendLink = (to: string, link: string, name: string) => Promise<boolean>

export function operatorAdmin(needs: OperatorNeeds): OperatorAdmin {
  const { db, op, zones, now } = needs
  const find = (login: string): KnownOperator | undefined => knownOf(operatorRow(db, login))
  const view = (login: string): OperatorView => {
    const row = operatorRow(db, login)
    if (!row) throw new VigieError('operator-unknown', { login })
    return viewOf(row)
  }
  const invited = new OperatorInvited({
    ...{ zones, find, now },
    newId: newOperatorId,
    newLink,
    invite: a => op('inviteOperator', a),
    reset: a => op('resetOperator', a),
  })
  const changed = new OperatorChanged({ zones, find, now, write: a => op('changeOperator', a) })
  const handOut = async (login: string, made: LinkMade, origin: string | undefined): Promise<Invited> => {
    await needs.inForce()
    const { email, name, revision } = view(login)
    const link = `/invitation#token=${made.token}`
    const to = origin === undefined ? undefined : email
    const mailed = to !== undefined && needs.mail !== undefined && (await needs.mail(to, `${origin}${link}`, name))
    return { login, link, expiresAt: made.expiresAt, mailed, revision }
  }
  return {
    list: () => ({ operators: operatorRows(db).map(viewOf) }),
    view,
    invite: async ({ origin, ...wish }, by) => handOut(wish.login, await invited.invite(wish, by), origin),
    change: async (login, change, edit) => {
      const { id, endsSessions } = await changed.change(login, change, edit)
      if (endsSessions) await needs.endSessions(id)
      await needs.inForce()
      return view(login)
    },
    reset: async (login, reason, by, origin) => {
      const made = await invited.reset(login, reason, by)
      await needs.endSessions(made.id)
      return handOut(login, made, origin)
    },
  }
}

function newLink(): { readonly token: string; readonly hash: string } {
  const token = newSecret()
  return { token, hash: hashOf(token) }
}

const zonesOf = ({ zones }: AdminRow): { readonly zones?: readonly string[] } =>
  zones === null ? {} : { zones: JSON.parse(zones) as string[] }

export function knownOf(row: AdminRow | undefined): DirectoryAccount | undefined {
  if (!row) return undefined
  const { id, login, name, role, email, status, revision, password, passkeys, external, subject } = row
  return {
    ...{ id, login, name, role, ...zonesOf(row), status: status as AccountState['status'], revision },
    begun: password === 1 || passkeys > 0,
    ...(email !== null && { email }),
    ...(external !== null && { external }),
    ...(subject !== null && { subject }),
  }
}

function viewOf(row: AdminRow): OperatorView {
  const { login, name, role, status, email, createdAt, signedInAt, totp, passkeys, external, person, revision } = row
  return {
    ...{ login, name, role: role as Role, ...zonesOf(row), status: status as OperatorView['status'] },
    ...(email !== null && { email }),
    createdAt,
    ...(signedInAt !== null && { signedInAt }),
    ...{ totp: totp === 1, passkeys, external: external !== null },
    ...(person !== null && { person }),
    revision,
  }
}

/** Whoever invites waits no longer than this for the mail server, milliseconds; the link is on their page anyway. */
const PATIENCE_MS = 10_000
const SUBJECT = 'Vigie : votre compte / your account'

/** Undefined where no mail is set up. */
export function linkMailer(
  { smtpUrl: url, smtpCa: ca, mailFrom: from }: Pick<Config, 'smtpUrl' | 'smtpCa' | 'mailFrom'>,
  log: { warn(details: object, words: string): void },
): SendLink | undefined {
  if (url === '' || from === '') return undefined
  const server = { url, from, ...(ca !== '' && { ca }) }
  return async (to, link, name) => {
    let taken = false
    const mail = { to: [to], subject: SUBJECT, text: textOf(link, name), id: randomUUID() }
    const sent = sendMail(server, mail).then(
      () => {
        taken = true
      },
      (error: unknown) => log.warn({ cause: causeOf(error) }, 'an invitation could not be mailed'),
    )
    await within(PATIENCE_MS, sent)
    return taken
  }
}

const textOf = (link: string, name: string): string => `Bonjour ${name},

un compte vous attend sur Vigie. Ouvrez ce lien dans les sept jours ; il ne sert qu’une fois :

${link}

Hello ${name},

an account awaits you on Vigie. Open the link above within seven days; it works once.
`
