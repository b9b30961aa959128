/** A mail server and a gateway for text messages, for tests: real ones as far as the hub can tell, over TLS, which misbehave as told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { TestAuthority } from '../transport/testing/certificates.ts'

export interface GotMail {
  readonly to: string
  readonly id: string
  readonly text: string
}
export interface GotSms {
  readonly sid: string
  readonly to: string
  readonly text: string
  /** What the gateway says became of it. */
  status: string
}

export interface GotPush {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export class AlertServers {
  readonly mails: GotMail[] = []
  readonly texts: GotSms[] = []
  /** Addresses that the mail server does not know. */
  readonly unknown = new Set<string>()
  /** What the gateway answers to a text: 201 takes it. */
  taking = 201
  /** What it says became of a text it took. */
  becomes = 'delivered'
  readonly pushes: GotPush[] = []
  /** What the push service answers: 201 takes it, 410 does not know that browser any more. */
  pushing = 201
  /** It answers nothing. */
  hangs = false
  readonly #dir = mkdtempSync(join(tmpdir(), 'vigie-alert-servers-'))
  readonly #ca = join(this.#dir, 'ca.pem')
  readonly #smtp: SMTPServer
  readonly #gateway: Server

  constructor() {
    const authority = new TestAuthority('Alert servers')
    writeFileSync(this.#ca, authority.cert)
    const { key, cert } = authority.issue('localhost')
    this.#smtp = new SMTPServer({
      ...{ key, cert, secure: true, logger: false, authOptional: true },
      onRcptTo: ({ address }, _, done) => (this.unknown.has(address) ? done(new Error('who?')) : done()),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const id = /^Message-ID: <([^>]*)>/m.exec(text)?.[1] ?? ''
          for (const { address } of session.envelope.rcptTo) this.mails.push({ to: address, id, text })
          done()
        })
      },
    })
    this.#smtp.on('error', () => undefined)
    this.#gateway = createServer({ key, cert }, (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (c: Buffer) => chunks.push(c))
      request.on('end', () => {
        if (this.hangs) return
        const path = request.url ?? ''
        if (path.startsWith('/push/')) {
          this.pushes.push({ path, headers: request.headers, body: Buffer.concat(chunks) })
          return response.writeHead(this.pushing).end()
        }
        const [status, said] = this.#answer(request.method ?? '', request.url ?? '', Buffer.concat(chunks).toString())
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
      })
    })
  }

  async start(): Promise<this> {
    await new Promise<void>(resolve => this.#smtp.listen(0, '127.0.0.1', resolve))
    await new Promise<void>(resolve => this.#gateway.listen(0, '127.0.0.1', resolve))
    return this
  }
  async stop(): Promise<void> {
    this.#gateway.close()
    this.#gateway.closeAllConnections()
    await new Promise<void>(resolve => this.#smtp.close(() => resolve()))
    rmSync(this.#dir, { recursive: true })
  }
  /** Of a hub that sends here. */
  get settings(): Record<string, string> {
    const port = (server: { address(): unknown }): number => (server.address() as AddressInfo).port
    return {
      VIGIE_SMTP_URL: `smtps://localhost:${port(this.#smtp.server)}`,
      VIGIE_SMTP_CA: this.#ca,
      VIGIE_MAIL_FROM: 'vigie@hospital.test',
      VIGIE_SMS_URL: `https://AC1:secret@localhost:${port(this.#gateway)}/2010-04-01/Accounts/AC1`,
      VIGIE_SMS_FROM: '+33700000000',
      VIGIE_SMS_CA: this.#ca,
      VIGIE_PUBLIC_URL: 'https://vigie.hospital.test',
    }
  }
  /** Of a hub that also tells browsers. */
  get pushSettings(): Record<string, string> {
    return { VIGIE_PUSH_CONTACT: 'it@hospital.test', VIGIE_PUSH_HOSTS: 'localhost', VIGIE_PUSH_CA: this.#ca }
  }
  endpoint(name: string): string {
    return `https://localhost:${(this.#gateway.address() as AddressInfo).port}/push/${name}`
  }

  #answer(method: string, path: string, body: string): readonly [number, object] {
    if (method === 'POST') {
      if (this.taking !== 201) return [this.taking, { message: 'no' }]
      const form = new URLSearchParams(body)
      const sms = { sid: `SM${this.texts.length + 1}`, to: form.get('To') ?? '', text: form.get('Body') ?? '' }
      this.texts.push({ ...sms, status: this.becomes })
      return [201, { sid: sms.sid, status: 'queued' }]
    }
    const sid = /Messages\/(\w+)\.json/.exec(path)?.[1]
    const found = this.texts.find(t => t.sid === sid)
    if (sid !== undefined) return found ? [200, { sid, status: found.status }] : [404, {}]
    const to = new URL(path, 'https://gateway').searchParams.get('To')
    return [200, { messages: this.texts.filter(t => t.to === to).map(t => ({ sid: t.sid, body: t.text })) }]
  }
}
