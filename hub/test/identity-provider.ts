/** A stock OpenID Connect provider (oidc-provider) on this machine, over TLS with a certificate of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider, type ProviderContext } from 'oidc-provider'
import { makeMaterial } from './http-hub.ts'

export interface Colleague {
  readonly sub: string
  readonly username: string
  readonly name: string
  readonly groups: readonly string[]
}
export const SECRET = 'a secret that the hub was given'
export const CLIENT_ID = 'vigie'

/** A directory `directory.json` and the settings that a hub needs for the provider at `issuer`. */
export function settingsFor(folder: string, issuer: string, ca: string, directory: object): Record<string, string> {
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  return {
    VIGIE_OIDC_ISSUER: issuer,
    VIGIE_OIDC_CLIENT_ID: CLIENT_ID,
    VIGIE_OIDC_CLIENT_SECRET_FILE: put('secret', `${SECRET}\n`),
    VIGIE_OIDC_CA: put('provider-ca.pem', ca),
    VIGIE_OIDC_NAME: 'Hôpital Nord',
    VIGIE_DIRECTORY_FILE: put('directory.json', JSON.stringify(directory)),
  }
}

/** Whoever comes to it is `colleague`, by `amr`; with `asks`, only after pressing the button of its page. */
export class StockProvider {
  readonly folder = mkdtempSync(join(tmpdir(), 'vigie-idp-'))
  readonly tls = makeMaterial()
  colleague: Colleague = { sub: 'u-1', username: 'c.marchand', name: 'Claire Marchand', groups: [] }
  amr: readonly string[] = ['pwd']
  asks = false
  /** Sign-ins at the provider's own page so far. */
  logins = 0
  readonly faults: string[] = []
  readonly #server: Server
  readonly #known = new Map<string, Colleague>()
  #provider: Provider | undefined

  constructor() {
    this.#server = createServer({ key: this.tls.key, cert: this.tls.cert }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.faults.push(String(error))
        response.writeHead(500).end()
      })
    })
  }

  get issuer(): string {
    return `https://localhost:${(this.#server.address() as AddressInfo).port}`
  }
  /** Before the hub, which wants to know where it is. */
  listen(): Promise<void> {
    return new Promise(resolve => this.#server.listen(0, '127.0.0.1', resolve))
  }
  settings(directory: object): Record<string, string> {
    return settingsFor(this.folder, this.issuer, this.tls.cert, directory)
  }

  /** @param origin of the hub's pages @param logout where the hub is told that somebody's session is over */
  async serve(origin: string, logout = `${origin}/api/v1/session/provider/logout`): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'k1' }
    this.#provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: SECRET,
          redirect_uris: [`${origin}/api/v1/session/provider/callback`],
          post_logout_redirect_uris: [`${origin}/`],
          backchannel_logout_uri: logout,
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: ['test'] },
      pkce: { required: () => true },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      conformIdTokenClaims: false,
      scopes: ['openid', 'profile', 'groups'],
      claims: {
        openid: ['sub', 'auth_time', 'amr', 'acr'],
        profile: ['name', 'preferred_username'],
        groups: ['groups'],
      },
      features: {
        devInteractions: { enabled: false },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: { enabled: true, logoutSource: askToLeave },
      },
      interactions: { url: (_: ProviderContext, { uid }: { uid: string }) => `/login/${uid}` },
      findAccount: (_: ProviderContext, sub: string) => this.#account(sub),
      loadExistingGrant: (context: ProviderContext) => this.#granted(context),
      // It brings a dispatcher for its own copy of undici along, which the built-in fetch does not take.
      fetch: (url: string, { dispatcher: _, ...options }: { readonly dispatcher?: unknown }) => fetch(url, options),
    })
    this.#provider.on('server_error', (_, error) => this.faults.push(String(error)))
    this.#provider.on('backchannel.error', (_, error) => this.faults.push(String(error)))
  }

  #account(sub: string): object | undefined {
    const who = this.#known.get(sub)
    if (!who) return undefined
    const claims = { sub, preferred_username: who.username, name: who.name, groups: who.groups }
    return { accountId: sub, claims: () => claims }
  }

  async #granted({ oidc }: ProviderContext): Promise<object | undefined> {
    if (!this.#provider) return undefined
    const grant = new this.#provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
    grant.addOIDCScope('openid profile groups')
    await grant.save()
    return grant
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const provider = this.#provider
    if (!provider) response.writeHead(503).end()
    else if (!request.url?.startsWith('/login/')) provider.callback()(request, response)
    else if (this.asks && request.method === 'GET')
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE.replace('ACTION', request.url))
    else await this.#login(provider, request, response)
  }

  async #login(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.logins += 1
    this.#known.set(this.colleague.sub, this.colleague)
    await provider.interactionFinished(request, response, {
      login: { accountId: this.colleague.sub, amr: this.amr },
      consent: {},
    })
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Its own page takes its letters from elsewhere. */
function askToLeave(context: ProviderContext, form: string): void {
  context.body = `<!doctype html><html lang="fr"><title>Hôpital Nord</title>${form}
    <button type="submit" form="op.logoutForm" value="yes" name="logout">Fermer la session</button></html>`
}

const PAGE = `<!doctype html><html lang="fr"><title>Hôpital Nord</title>
<form method="post" action="ACTION"><button>Entrer</button></form></html>`
