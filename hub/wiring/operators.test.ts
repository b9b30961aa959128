import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, it } from 'vitest'
import { linkMailer } from './operators.ts'

const servers: SMTPServer[] = []
const warned: object[] = []
const log = { warn: (details: object) => void warned.push(details) }
afterEach(async () => {
  warned.length = 0
  for (const server of servers.splice(0)) await new Promise<void>(resolve => server.close(resolve))
})
const LINK = 'https://hub.test/invitation#token=abc'

async function serve(received: string[]): Promise<string> {
  const server = new SMTPServer({
    ...{ logger: false, authOptional: true, disabledCommands: ['STARTTLS'] },
    onData: (stream, _, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        received.push(Buffer.concat(chunks).toString())
        done()
      })
    },
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
}
const mailer = (smtpUrl: string) => linkMailer({ smtpUrl, smtpCa: '', mailFrom: 'vigie@hospital.test' }, log)

it('mails a link in both languages, without a file', async () => {
  const received: string[] = []
  expect(await mailer(await serve(received))?.('nora@hospital.test', LINK, 'Nora Petit')).toBe(true)
  const [mail = ''] = received
  expect(mail).toMatch(/^To: nora@hospital\.test\r$/m)
  expect(mail.replaceAll('=3D', '=').replaceAll('=\r\n', '')).toContain(LINK)
  expect(mail).toMatch(/Bonjour Nora Petit[\s\S]*Hello Nora Petit/)
  expect(mail).not.toContain('attachment')
})

it('says that it was not mailed where the server is away, and fails nothing', async () => {
  const url = await serve([])
  for (const server of servers.splice(0)) await new Promise<void>(resolve => server.close(resolve))
  expect(await mailer(url)?.('nora@hospital.test', LINK, 'Nora')).toBe(false)
  expect(JSON.stringify(warned)).not.toMatch(/nora|token/)
  expect(warned).toHaveLength(1)
})

it('is none where no mail is set up', () => {
  expect(linkMailer({ smtpUrl: '', smtpCa: '', mailFrom: '' }, log)).toBeUndefined()
})
