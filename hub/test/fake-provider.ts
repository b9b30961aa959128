/** An identity provider that can be told to answer wrongly, over TLS: what a stock one never does. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import { makeMaterial } from './http-hub.ts'

export type Claims = Record<string, unknown>
/** Answers a request in place of the provider; false: it answers as it should. */
type Instead = (request: IncomingMessage, response: ServerResponse) => boolean

export class FakeProvider {
  readonly tls = makeMaterial()
  readonly clientId = 'vigie'
  /** Of the ID token, after all was filled in. */
  claims: (right: Claims) => Claims = right => right
  /** The ID token, made of right claims; undefined: there is none. */
  token: (right: Claims) => Promise<string | undefined> = right => this.sign(right)
  metadata: (right: Claims) => Claims = right => right
  instead: Instead = () => false
  /** Paths asked for, in order. */
  readonly asked: string[] = []
  readonly #server: Server
  readonly #codes = new Map<string, { readonly challenge: string; readonly nonce: string }>()
  #keys: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey } | undefined

  constructor() {
    this.#server = createServer({ key: this.tls.key, cert: this.tls.cert }, (request, response) => {
      this.asked.push(request.url ?? '')
      if (!this.instead(request, response)) void this.#answer(request, response)
    })
  }

  async listen(port = 0): Promise<this> {
    this.#keys ??= await generateKeyPair('RS256', { extractable: true })
    await new Promise<void>(resolve => this.#server.listen(port, '127.0.0.1', resolve))
    return this
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }
  get issuer(): string {
    return `https://localhost:${this.port}`
  }
  get privateKey(): CryptoKey {
    return this.#keys!.privateKey
  }
  publicJwk(): Promise<object> {
    return exportJWK(this.#keys!.publicKey)
  }

  sign(claims: Claims, header: Partial<JWTHeaderParameters> = {}, key?: CryptoKey | Uint8Array): Promise<string> {
    const protectedHeader = { alg: 'RS256', kid: 'k1', ...header }
    return new SignJWT(claims).setProtectedHeader(protectedHeader).sign(key ?? this.privateKey)
  }

  /** What the browser comes back with, as if somebody had pressed the button. @param url that the hub sent it to */
  comeBack(url: string, more: Record<string, string> = {}): URLSearchParams {
    const asked = new URL(url).searchParams
    const code = `code-${this.#codes.size}`
    this.#codes.set(code, { challenge: asked.get('code_challenge') ?? '', nonce: asked.get('nonce') ?? '' })
    return new URLSearchParams({ code, state: asked.get('state') ?? '', iss: this.issuer, ...more })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', this.issuer).pathname
    if (path === '/.well-known/openid-configuration') json(response, 200, this.metadata(this.#described()))
    else if (path === '/keys') json(response, 200, { keys: [{ ...(await this.publicJwk()), kid: 'k1', alg: 'RS256' }] })
    else if (path === '/token') await this.#token(await textOf(request), response)
    else json(response, 404, {})
  }

  #described(): Claims {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      authorization_response_iss_parameter_supported: true,
      end_session_endpoint: `${this.issuer}/end`,
    }
  }

  async #token(body: string, response: ServerResponse): Promise<void> {
    const asked = new URLSearchParams(body)
    const begun = this.#codes.get(asked.get('code') ?? '')
    const shown = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url')
    if (!begun || begun.challenge !== shown) return json(response, 400, { error: 'invalid_grant' })
    this.#codes.delete(asked.get('code') ?? '')
    const now = Math.floor(Date.now() / 1000)
    const right = this.claims({
      ...{ iss: this.issuer, aud: this.clientId, sub: 'u-1', nonce: begun.nonce, iat: now, exp: now + 300 },
      ...{ preferred_username: 'c.marchand', name: 'Claire Marchand', groups: ['Soins'] },
    })
    const token = await this.token(right)
    json(response, 200, { access_token: 'a', token_type: 'Bearer', ...(token !== undefined && { id_token: token }) })
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
