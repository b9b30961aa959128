import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import { TestAuthority } from '../transport/testing/certificates.ts'
import { type Mail, sendMail } from './mail.ts'

const authority = new TestAuthority('Mail authority')
const { key, cert } = authority.issue('localhost')
const dir = mkdtempSync(join(tmpdir(), 'vigie-mail-'))
const ca = join(dir, 'ca.pem')
const PASSWORD = 'tres-secret'
const MAIL = {
  to: ['audit@hospital.test'],
  subject: 'Vigie, site d’essai\u202f: journal',
  text: 'Point de contrôle',
  id: 's-1-2026-10',
  file: join(dir, 'export.csv.age'),
  fileName: 'vigie-test-s-1-2026-10.csv.age',
} as const satisfies Mail
const servers: SMTPServer[] = []
const received: { secure: boolean; user: string | undefined; text: string }[] = []

beforeAll(() => {
  writeFileSync(ca, authority.cert)
  writeFileSync(MAIL.file, Buffer.from('encrypted bytes'))
  return () => rmSync(dir, { recursive: true })
})
afterEach(async () => {
  received.length = 0
  for (const server of servers.splice(0)) await new Promise<void>(resolve => server.close(resolve))
})

async function serve(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({
    ...{ key, cert, logger: false, authOptional: true, allowInsecureAuth: true },
    onAuth: (auth, _, done) =>
      auth.password === PASSWORD ? done(null, { user: auth.username }) : done(new Error(`no ${auth.password}`)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        received.push({ secure: session.secure, user: session.user, text: Buffer.concat(chunks).toString() })
        done()
      })
    },
    ...options,
  })
  servers.push(server)
  server.on('error', () => undefined)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.server.address() as AddressInfo).port
}
const send = (url: string, more: { ca?: string } = { ca }): Promise<void> =>
  sendMail({ url, from: 'vigie@hospital.test', ...more }, MAIL)
async function failure(sending: Promise<void>): Promise<VigieError> {
  const error = await sending.then(
    () => undefined,
    (e: unknown) => e,
  )
  if (!(error instanceof VigieError)) throw new Error(`no error of the table: ${String(error)}`)
  return error
}

describe('a mail', () => {
  it('goes over TLS from the first byte, signed in, with the file and an id of its own', async () => {
    const port = await serve({ secure: true })
    await send(`smtps://vigie:${PASSWORD}@localhost:${port}`)
    expect(received).toMatchObject([{ secure: true, user: 'vigie' }])
    const { text } = received[0]!
    expect(text).toContain(`filename=${MAIL.fileName}`)
    expect(text).toContain(Buffer.from('encrypted bytes').toString('base64'))
    expect(text).toMatch(/^Message-ID: <s-1-2026-10@hospital\.test>/m)
  })

  it('goes over TLS that is begun later (STARTTLS)', async () => {
    const port = await serve({})
    await send(`smtp://localhost:${port}`)
    expect(received).toMatchObject([{ secure: true }])
  })

  it('never goes in the clear to another machine', async () => {
    const port = await serve({ hideSTARTTLS: true })
    await send(`smtp://localhost:${port}`)
    expect(received).toMatchObject([{ secure: false }])
    // The same server under a name that is not loopback's to the client.
    const { code } = await failure(send(`smtp://[::ffff:127.0.0.1]:${port}`))
    expect([code, received.length]).toEqual(['mail-unreachable', 1])
  })

  it('does not go to a server whose certificate is not good', async () => {
    const port = await serve({ secure: true })
    expect((await failure(send(`smtps://localhost:${port}`, {}))).code).toBe('mail-unreachable')
    expect(received).toEqual([])
  })

  it.each([
    ['a wrong password', 'smtps', { secure: true }, 'vigie:faux'],
    ['refused addresses', 'smtps', { secure: true, onRcptTo: (_, __, done) => done(new Error('who? vigie:faux')) }, ''],
  ] satisfies [string, string, SMTPServerOptions, string][])(
    'tells of %s without account, password or what the server said',
    async (_, protocol, options, user) => {
      const port = await serve(options)
      const error = await failure(send(`${protocol}://${user ? `${user}@` : ''}localhost:${port}`))
      expect([error.code, error.details]).toEqual(['mail-refused', { destination: 'localhost' }])
      expect(error.cause).toBeUndefined()
      expect(`${error.message} ${error.messageIn('fr')}`).not.toMatch(/faux|audit@/)
    },
  )

  it('that nobody answers fails', async () => {
    const port = await serve({})
    for (const server of servers.splice(0)) await new Promise<void>(resolve => server.close(resolve))
    expect((await failure(send(`smtp://localhost:${port}`))).code).toBe('mail-unreachable')
  })

  it('that is too large is not tried', async () => {
    const file = join(dir, 'large')
    writeFileSync(file, '')
    truncateSync(file, 19 * 1024 * 1024)
    const port = await serve({})
    const error = await failure(sendMail({ url: `smtp://localhost:${port}`, from: 'a@b.test' }, { ...MAIL, file }))
    expect([error.code, received]).toEqual(['mail-too-large', []])
  })
})
