/** Signing in by a stock identity provider, over TLS, on a whole hub. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperatorView } from '../api.ts'
import type { TestHub } from './harness.ts'
import { until } from './harness.ts'
import { type Colleague, StockProvider } from './identity-provider.ts'
import { CALLBACK, GROUPS, hubWith, operatorOf, rowsOf, SESSION, START, sessionOf, signIn } from './provider-stage.ts'
import { Wanderer } from './wanderer.ts'

let provider: StockProvider
let hub: TestHub
let people = 0
beforeAll(async () => {
  provider = new StockProvider()
  await provider.listen()
  hub = await hubWith(provider.settings(GROUPS))
  await provider.serve(hub.origin)
}, 120_000)
afterAll(async () => {
  await hub?.close()
  await provider?.close()
})

/** Somebody new at the provider, in these groups, before a browser of their own. */
function comes(groups: readonly string[], amr: readonly string[] = ['pwd'], as: Partial<Colleague> = {}): Wanderer {
  people += 1
  provider.colleague = { sub: `sub-${people}`, username: `P.Nom${people}`, name: `Prénom Nom ${people}`, groups, ...as }
  provider.amr = amr
  return new Wanderer(provider.tls.cert)
}
const loginOf = (n = people): string => `p.nom${n}`
const rowsOfOperator = async (login: string) => {
  const rows = await hub.journal()
  const made = await rowsOf(hub, 'operator.provisioned')
  return { rows, made, login }
}

describe('somebody of a group that has a role', () => {
  it('gets an account at once, without a password, and is signed in', async () => {
    const browser = comes(['Autre', 'Infirmerie'])
    expect(await signIn(hub, browser)).toBe('/')
    expect(provider.faults).toEqual([])
    expect(await sessionOf(hub, browser)).toMatchObject({
      stage: 'in',
      operator: { login: loginOf(), name: `Prénom Nom ${people}`, role: 'nurse' },
      provider: 'Hôpital Nord',
    })
    const view = await operatorOf(hub, loginOf())
    expect(view).toMatchObject({ external: true, status: 'active', totp: false, passkeys: 0 })
    const { made } = await rowsOfOperator(loginOf())
    expect(made.at(-1)).toMatchObject({ by: 'provider', after: { role: 'nurse', status: 'active' } })
    const rows = await rowsOf(hub, 'operator.signed-in')
    expect(rows.at(-1)).toMatchObject({ factor: 'provider', operator: made.at(-1)?.operator })
  })

  it('has the role in the zones that the file names', async () => {
    const browser = comes(['Soins'])
    await signIn(hub, browser)
    expect((await sessionOf(hub, browser)).operator).toMatchObject({ role: 'ward-manager', zones: ['ward'] })
  })

  it('of two groups has what the first of the file gives', async () => {
    const browser = comes(['Infirmerie', 'Soins'])
    await signIn(hub, browser)
    expect((await sessionOf(hub, browser)).operator?.role).toBe('ward-manager')
  })

  it('gets a new session, and the one that the browser had is over', async () => {
    const browser = comes(['Infirmerie'])
    await signIn(hub, browser)
    const before = browser.cookie(hub.origin, SESSION)!
    await signIn(hub, browser)
    expect(browser.cookie(hub.origin, SESSION)).not.toBe(before)
    const old = await fetch(`${hub.origin}/api/v1/session`, { headers: { cookie: `${SESSION}=${before}` } })
    expect(await old.json()).toEqual({ setupNeeded: false, provider: 'Hôpital Nord' })
  })
})

describe('second factors', () => {
  it('of the provider count: an administrator is in, and has just proved who it is', async () => {
    const browser = comes(['Vigie Admins'], ['pwd', 'otp'])
    await signIn(hub, browser)
    const session = await sessionOf(hub, browser)
    expect(session).toMatchObject({ stage: 'in', operator: { role: 'administrator' } })
    expect(session.steppedUpUntil).toBeGreaterThan(Date.now())
  })

  it('are owed by a role that needs them where the provider has shown one only', async () => {
    const browser = comes(['Vigie IT'], ['pwd'])
    expect(await signIn(hub, browser)).toBe('/')
    expect((await sessionOf(hub, browser)).stage).toBe('enrol')
    const refused = await browser.step(`${hub.origin}/api/v1/devices`)
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, 'enrolment-owed'])
  })

  it('can be proved afresh at the provider, which asks again', async () => {
    const browser = comes(['Vigie IT'], ['pwd', 'hwk'])
    await signIn(hub, browser)
    const before = browser.cookie(hub.origin, SESSION)
    const logins = provider.logins
    expect(await signIn(hub, browser, `${START}?purpose=step-up`)).toBe('/?signin=proved')
    expect(provider.logins).toBe(logins + 1)
    expect(browser.cookie(hub.origin, SESSION)).not.toBe(before)
    const rows = await rowsOf(hub, 'operator.stepped-up')
    expect(rows.at(-1)).toMatchObject({ factor: 'provider' })
  })

  it('are not proved afresh by one factor where the role asks for two, nor by somebody else', async () => {
    const browser = comes(['Vigie IT'], ['mfa'])
    await signIn(hub, browser)
    provider.amr = ['pwd']
    expect(await signIn(hub, browser, `${START}?purpose=step-up`)).toBe('/?signin=provider-one-factor')
    browser.forget(provider.issuer)
    const other = { ...provider.colleague, sub: 'somebody-else', username: 'somebody.else' }
    provider.colleague = other
    provider.amr = ['mfa']
    expect(await signIn(hub, browser, `${START}?purpose=step-up`)).toBe('/?signin=provider-someone-else')
    expect((await sessionOf(hub, browser)).operator?.login).toBe(loginOf())
  })

  it('are not asked for afresh of who is not signed in', async () => {
    expect(await signIn(hub, comes(['Infirmerie']), `${START}?purpose=step-up`)).toBe('/?signin=not-signed-in')
  })
})

describe('whoever has no role', () => {
  it.each([[[]], [['Brancardage']], [['vigie it']]])(
    'by the groups %j is refused, with a row and no account',
    async groups => {
      const browser = comes(groups)
      expect(await signIn(hub, browser)).toBe('/?signin=provider-no-group')
      expect((await sessionOf(hub, browser)).stage).toBeUndefined()
      const rows = await rowsOf(hub, 'operator.refused')
      expect(rows.at(-1)).toEqual({ kind: 'operator.refused', reason: 'no-group', factor: 'provider' })
      await expect(operatorOf(hub, loginOf())).rejects.toThrow('operator-unknown')
    },
  )

  it('any more is refused, and left neither signed in nor with a token for a program', async () => {
    const browser = comes(['Infirmerie'])
    await signIn(hub, browser)
    const made = await hub.vigie(
      'token',
      'create',
      loginOf(),
      '--name',
      'P',
      '--may',
      'history.own',
      '--until',
      '2027-01-01T00:00',
    )
    const [token] = /vigie_[A-Za-z0-9_-]{43}/.exec(made) ?? []
    const asked = () => fetch(`${hub.origin}/api/v1/me/access`, { headers: { authorization: `Bearer ${token}` } })
    expect((await asked()).status).toBe(200)
    provider.colleague = { ...provider.colleague, groups: [] }
    expect(await signIn(hub, new Wanderer(provider.tls.cert))).toBe('/?signin=provider-no-group')
    expect((await sessionOf(hub, browser)).stage).toBeUndefined()
    expect((await asked()).status).toBe(401)
    const rows: readonly { readonly reason?: string }[] = await rowsOf(hub, 'operator.refused')
    const refused = rows.findLast(r => r.reason === 'no-group')
    expect(refused).toMatchObject({ reason: 'no-group', operator: expect.any(String) })
    expect((await rowsOf(hub, 'token.revoked')).at(-1)).toMatchObject({ by: 'provider' })
  })
})

describe('an account of the directory', () => {
  it('follows its groups at the next sign-in: role and name change, with a row, and other sessions end', async () => {
    const browser = comes(['Infirmerie'])
    await signIn(hub, browser)
    provider.colleague = { ...provider.colleague, name: 'Autre Nom', groups: ['Soins'] }
    const elsewhere = new Wanderer(provider.tls.cert)
    await signIn(hub, elsewhere)
    expect((await sessionOf(hub, elsewhere)).operator).toMatchObject({ role: 'ward-manager', name: 'Autre Nom' })
    expect((await sessionOf(hub, browser)).stage).toBeUndefined()
    const rows = await rowsOf(hub, 'operator.changed')
    expect(rows.at(-1)).toMatchObject({
      by: 'provider',
      before: { role: 'nurse', status: 'active' },
      after: { role: 'ward-manager', zones: ['ward'], status: 'active' },
    })
  })

  it('cannot be given another role, another name, or a password in Vigie', async () => {
    await signIn(hub, comes(['Infirmerie']))
    const path = `/api/v1/operators/${loginOf()}`
    const { revision } = await operatorOf(hub, loginOf())
    const refusals = [{ role: 'it' }, { name: 'X' }, { zones: ['ward'] }].map(change => ({
      ...{ method: 'PATCH', headers: { 'if-match': `"${revision}"` } },
      body: JSON.stringify({ ...change, reason: 'essai' }),
    }))
    const reset = { method: 'POST', body: JSON.stringify({ reason: 'essai' }) }
    for (const init of refusals)
      expect(await (await hub.fetch(path, init)).json()).toMatchObject({ status: 409, code: 'operator-external' })
    expect(await (await hub.fetch(`${path}/reset`, reset)).json()).toMatchObject({ code: 'operator-external' })
    const cli = await hub.vigieFails('operator', 'reset', loginOf(), '--reason', 'essai')
    expect(cli.stderr).toContain('directory')
  })

  it('that is disabled in Vigie is out at once, and stays out until it is enabled', async () => {
    const browser = comes(['Infirmerie'])
    await signIn(hub, browser)
    const change = async (status: string): Promise<OperatorView> => {
      const path = `/api/v1/operators/${loginOf()}`
      const { revision } = await operatorOf(hub, loginOf())
      const answer = await hub.fetch(path, {
        method: 'PATCH',
        headers: { 'if-match': `"${revision}"` },
        body: JSON.stringify({ status, reason: 'essai' }),
      })
      return (await answer.json()) as OperatorView
    }
    await change('disabled')
    expect((await sessionOf(hub, browser)).stage).toBeUndefined()
    expect(await signIn(hub, browser)).toBe('/?signin=provider-disabled')
    expect((await rowsOf(hub, 'operator.refused')).at(-1)).toMatchObject({ reason: 'disabled' })
    expect((await change('active')).status).toBe('active')
    expect(await signIn(hub, browser)).toBe('/')
  })

  it('is never one that was made in Vigie, whatever name comes from the provider', async () => {
    const browser = comes(['Vigie Admins'], ['mfa'], { username: 'B.Kessler' })
    expect(await signIn(hub, browser)).toBe('/?signin=provider-name-taken')
    expect(await operatorOf(hub, 'b.kessler')).toMatchObject({ external: false, role: 'administrator' })
  })

  it('of a name that is no login of ours gets one of its own', async () => {
    const browser = comes(['Infirmerie'], ['pwd'], { username: 'Zoé <b>Ñandú</b>', name: ' ' })
    await signIn(hub, browser)
    const { operator } = await sessionOf(hub, browser)
    expect(operator?.login).toMatch(/^sso-[\w-]{12}$/)
    expect(operator?.name).toBe('Zoé <b>Ñandú</b>')
  })

  it('is made once, however many windows come at the same time', async () => {
    comes(['Infirmerie'])
    const windows = [1, 2, 3, 4].map(() => new Wanderer(provider.tls.cert))
    expect(await Promise.all(windows.map(one => signIn(hub, one)))).toEqual(['/', '/', '/', '/'])
    const { operators } = await hub.get<{ operators: OperatorView[] }>('/api/v1/operators')
    expect(operators.filter(o => o.login === loginOf())).toHaveLength(1)
  })
})

describe('the end of a session at the provider', () => {
  it('ends the sessions of that subject here within a second, of nobody else', async () => {
    const other = comes(['Infirmerie'])
    await signIn(hub, other)
    const browser = comes(['Infirmerie'])
    await signIn(hub, browser)
    const way = await browser.go(`${hub.origin}/api/v1/session/provider/logout`)
    expect(way[1]).toContain(`${provider.issuer}/session/end`)
    const page = await (await browser.step(way.at(-1)!)).text()
    const secret = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const ended = performance.now()
    await browser.confirm(`${provider.issuer}/session/end/confirm`, { xsrf: secret, logout: 'yes' })
    await until('the session is over', async () => (await sessionOf(hub, browser)).stage === undefined, 3_000)
    expect(performance.now() - ended).toBeLessThan(1_500)
    expect((await sessionOf(hub, other)).stage).toBe('in')
  })
})

describe('the way back', () => {
  it('works once: the same address again signs nobody in', async () => {
    const browser = comes(['Infirmerie'])
    const way = await browser.go(`${hub.origin}${START}`, ({ pathname }) => pathname === CALLBACK)
    const [cookies, back] = [browser.cookies(hub.origin), way.at(-1)!]
    const first = await browser.step(back, provider.issuer)
    expect(first.headers.get('location')).toBe('/')
    const again = await fetch(back, { headers: { cookie: cookies }, redirect: 'manual' })
    expect(again.headers.get('location')).toBe('/?signin=provider-expired')
    expect(again.headers.getSetCookie().join()).not.toContain(`${SESSION}=`)
  })

  it('leads nowhere in a browser that did not set out, with its own cookie or none', async () => {
    const victim = new Wanderer(provider.tls.cert)
    const attacker = comes(['Infirmerie'])
    const way = await attacker.go(`${hub.origin}${START}`, ({ pathname }) => pathname === CALLBACK)
    const without = await victim.step(way.at(-1)!, provider.issuer)
    expect(without.headers.get('location')).toBe('/?signin=provider-expired')
    await victim.go(`${hub.origin}${START}`, ({ pathname }) => pathname === CALLBACK)
    const withOwn = await victim.step(way.at(-1)!, provider.issuer)
    expect(withOwn.headers.get('location')).toBe('/?signin=provider-expired')
    expect((await sessionOf(hub, victim)).stage).toBeUndefined()
  })

  it('does not take the code of somebody else’s sign-in: PKCE ties it to where it was asked for', async () => {
    const thief = comes(['Vigie Admins'], ['mfa'])
    const stolen = (await thief.go(`${hub.origin}${START}`, ({ pathname }) => pathname === CALLBACK)).at(-1)!
    const browser = new Wanderer(provider.tls.cert)
    const own = (await browser.go(`${hub.origin}${START}`, ({ pathname }) => pathname === CALLBACK)).at(-1)!
    const mixed = new URL(own)
    mixed.searchParams.set('code', new URL(stolen).searchParams.get('code') ?? '')
    const answer = await browser.step(mixed.href, provider.issuer)
    expect(answer.headers.get('location')).toBe('/?signin=provider-refused')
    expect((await rowsOf(hub, 'operator.refused')).at(-1)).toMatchObject({ reason: 'provider' })
  })

  it('is what the provider says when somebody goes back: nothing to be afraid of', async () => {
    const browser = comes(['Infirmerie'])
    const way = await browser.go(`${hub.origin}${START}`, ({ origin }) => origin === provider.issuer)
    const state = new URL(way.at(-1)!).searchParams.get('state') ?? ''
    const back = new URLSearchParams({ error: 'access_denied', state, iss: provider.issuer })
    const answer = await browser.step(`${hub.origin}${CALLBACK}?${back}`, provider.issuer)
    expect(answer.headers.get('location')).toBe('/?signin=provider-declined')
  })
})
