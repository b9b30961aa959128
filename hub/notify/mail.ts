/**
 * Sends mail, with or without a file: SMTP (RFC 5321) over TLS, whose server must show a certificate for its name; without TLS on this
 * machine itself only. What goes wrong is told without the account, the addresses, or what the server said: it may quote them.
 */
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createTransport } from 'nodemailer'
import { VigieError } from '../errors.ts'

export interface MailServer {
  /** smtps://user:password@host:port, or smtp:// for STARTTLS (RFC 3207). */
  readonly url: string
  /** PEM file of authorities; without it the system's. */
  readonly ca?: string
  readonly from: string
}
export interface Mail {
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  /** The same for mailboxes that show it. */
  readonly html?: string
  /** Of the same mail sent again, so that a mailbox can tell. */
  readonly id: string
  /** Sent with it. */
  readonly file?: string
  readonly fileName?: string
}

/** Bytes: what most servers take once it is written in base64. */
const MOST = 18 * 1024 * 1024
const TIMES = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 120_000 }

/** Resolves when the server has taken it for every address. @throws VigieError mail-unreachable, mail-refused, mail-too-large */
export async function sendMail(server: MailServer, mail: Mail): Promise<void> {
  const bytes = mail.file === undefined ? 0 : statSync(mail.file).size
  if (bytes > MOST) throw new VigieError('mail-too-large', { bytes, limit: MOST })
  const transport = createTransport(optionsOf(server))
  try {
    const { rejected } = await transport.sendMail({
      from: server.from,
      to: [...mail.to],
      subject: mail.subject,
      text: mail.text,
      ...(mail.html !== undefined && { html: mail.html }),
      messageId: `<${mail.id}@${server.from.split('@')[1] ?? 'vigie'}>`,
      disableUrlAccess: true,
      attachments: attachmentsOf(mail),
    })
    if (rejected.length > 0) throw new VigieError('mail-refused', { destination: hostOf(server) })
  } catch (error) {
    throw failureOf(error, server)
  } finally {
    transport.close()
  }
}

const attachmentsOf = ({ file, fileName }: Mail) =>
  file === undefined
    ? []
    : [
        {
          ...(fileName !== undefined && { filename: fileName }),
          content: createReadStream(file),
          contentType: 'application/octet-stream',
        },
      ]

function optionsOf({ url, ca }: MailServer) {
  const { protocol, hostname, port, username, password } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const secure = protocol === 'smtps:'
  const user = decodeURIComponent(username)
  return {
    ...{ host, secure, ...TIMES },
    port: port === '' ? (secure ? SUBMISSIONS : SUBMISSION) : Number(port),
    requireTLS: !secure && !isLoopback(host),
    ...(user !== '' && { auth: { user, pass: decodeURIComponent(password) } }),
    tls: { minVersion: 'TLSv1.2' as const, ...(ca && { ca: readFileSync(ca, 'utf8') }) },
  }
}
/** RFC 8314, 3.3; RFC 6409. */
const SUBMISSIONS = 465
const SUBMISSION = 587

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host)
const hostOf = ({ url }: MailServer): string => new URL(url).hostname

/** The library's error is kept out as a cause too: it quotes the dialogue. */
function failureOf(error: unknown, server: MailServer): VigieError {
  if (error instanceof VigieError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const destination = hostOf(server)
  return new VigieError(REFUSED.has(code) ? 'mail-refused' : 'mail-unreachable', { destination })
}
const REFUSED: ReadonlySet<string> = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'EENVELOPE', 'EMESSAGE'])
