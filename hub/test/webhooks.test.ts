/** Outgoing webhooks of a whole hub, to a receiver over real TLS. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  Problem,
  WebhookDeadList,
  WebhookDeliveries,
  WebhookList,
  WebhookMade,
  WebhookTried,
  WebhookView,
} from '../api.ts'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'
import { rowsOf, TestTenant } from './tenant-hub.ts'
import { isSignedBy, Receiver } from './webhook-receiver.ts'

const SLOW_START_MS = 180_000
const PATIENT = { timeout: 120_000 }
const receiver = new Receiver()
const hub = new TestHub({ ...receiver.settings, VIGIE_WEBHOOK_GIVE_UP_SECONDS: '1', VIGIE_DEVICE_RATE: '10000' })
const door = new TestDevice('door-1', 'test-site')
const HERE = '/api/v1/webhooks'

beforeAll(async () => {
  await receiver.start()
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await door.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  await door.close()
  await hub.close()
  await receiver.close()
})

const make = (over: object = {}): Promise<WebhookMade> =>
  hub.admin.post<WebhookMade>(HERE, { name: 'Supervision', url: receiver.url, kinds: ['access.denied'], ...over })
const view = (id: string): Promise<WebhookView> => hub.admin.get<WebhookView>(`${HERE}/${id}`)
const remove = (id: string): Promise<unknown> => hub.admin.ask('DELETE', `${HERE}/${id}`)
const change = (id: string, body: object, revision: number): Promise<Response> =>
  hub.admin.fetch(`${HERE}/${id}`, {
    method: 'PATCH',
    body: JSON.stringify(body),
    headers: { 'if-match': `"${revision}"` },
  })
const refusal = async (answer: Promise<Response>): Promise<readonly unknown[]> => {
  const { status, code, field } = (await (await answer).json()) as Problem
  return field === undefined ? [status, code] : [status, code, field]
}
const asks = (body: object): Promise<Response> =>
  hub.admin.fetch(HERE, { method: 'POST', body: JSON.stringify({ name: 'x', url: receiver.url, kinds: [], ...body }) })
const denied = () => receiver.ofKind('access.denied')
const deny = (): Promise<unknown> => door.badge(VISITOR, 'door')

describe('a webhook', PATIENT, () => {
  it('is told each row once, in order, signed by the secret that was shown once', async () => {
    const { webhook, secret } = await make()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const from = denied().length
    for (let i = 0; i < 30; i++) await deny()
    await until('30 deliveries', () => denied().length >= from + 30)
    const got = denied().slice(from)
    const stored = (await hub.journal(500)).filter(r => r.event.kind === 'access.denied').map(r => r.seq)
    expect(got.map(r => r.event.seq)).toEqual(stored.slice(-30))
    expect(got.every(r => isSignedBy(secret, r))).toBe(true)
    expect(got.some(r => isSignedBy('whsec_AAAA', r))).toBe(false)
    expect(new Set(got.map(r => r.headers['webhook-id'])).size).toBe(30)
    expect(got[0]?.event).toMatchObject({ zone: 'hall', accessPoint: 'door-1', person: { name: 'T. Ferrand' } })
    expect(got[0]?.headers['content-type']).toBe('application/json')
    const { deliveries } = await until('the deliveries are written', async () => {
      const list = await hub.admin.get<WebhookDeliveries>(`${HERE}/${webhook.id}/deliveries`)
      return list.deliveries.length >= 30 && list
    })
    expect(deliveries[0]).toMatchObject({ outcome: 'delivered', status: 204, attempt: 1, seq: stored.at(-1) })
    expect(JSON.stringify(await hub.admin.get(`${HERE}/${webhook.id}`))).not.toContain(secret)
    await remove(webhook.id)
    expect((await hub.admin.fetch(`${HERE}/${webhook.id}`)).status).toBe(404)
  })

  it('is told only of its zones and kinds', async () => {
    const { webhook } = await make({ zones: ['ward'], kinds: [] })
    const elsewhere = await make({ url: receiver.at('/elsewhere'), kinds: ['access.denied'], zones: ['hall'] })
    const from = receiver.all.length
    await deny()
    await until('it is told', () => receiver.all.slice(from).some(r => r.path === '/elsewhere'))
    expect(receiver.all.slice(from).filter(r => r.path === '/hook')).toEqual([])
    await remove(webhook.id)
    await remove(elsewhere.webhook.id)
  })

  it('is journaled with before and after, its host and never its secret or path', async () => {
    const { webhook, secret } = await make({ name: 'Journal', url: receiver.at('/path-of-mine') })
    expect((await change(webhook.id, { kinds: ['point.forced'] }, webhook.revision)).status).toBe(200)
    await hub.admin.post(`${HERE}/${webhook.id}/secret`)
    await remove(webhook.id)
    const rows = (await hub.journal(500)).filter(r => (r.event as { webhook?: string }).webhook === webhook.id)
    expect(rows.map(r => r.event.kind)).toEqual([
      'webhook.created',
      'webhook.changed',
      'webhook.secret-made',
      'webhook.removed',
    ])
    expect(rows[1]?.event).toMatchObject({
      before: { name: 'Journal', host: `localhost:${receiver.port}`, kinds: ['access.denied'], status: 'active' },
      after: { kinds: ['point.forced'] },
    })
    const text = JSON.stringify(rows)
    expect([text.includes(secret), text.includes('path-of-mine')]).toEqual([false, false])
  })

  it('takes two signatures for a day after its secret was changed', async () => {
    const { webhook, secret } = await make()
    const again = await hub.admin.post<WebhookMade>(`${HERE}/${webhook.id}/secret`)
    expect(again.secret).not.toBe(secret)
    expect(again.webhook.oldSecretUntil).toBeGreaterThan(Date.now() + 23 * 3_600_000)
    const from = denied().length
    await deny()
    const got = await until('it is told', () => denied()[from])
    expect([isSignedBy(secret, got), isSignedBy(again.secret, got)]).toEqual([true, true])
    await remove(webhook.id)
  })

  it('is tried by hand with an event of its own', async () => {
    const { webhook, secret } = await make()
    const tried = await hub.admin.post<WebhookTried>(`${HERE}/${webhook.id}/test`)
    expect(tried).toMatchObject({ delivered: true, status: 204 })
    const [got] = receiver.ofKind('webhook.test').slice(-1)
    expect(got && isSignedBy(secret, got)).toBe(true)
    expect(got?.event).toMatchObject({ kind: 'webhook.test', webhook: webhook.id })
    receiver.answer = 302
    expect(await hub.admin.post(`${HERE}/${webhook.id}/test`)).toMatchObject({ delivered: false, cause: 'redirect' })
    receiver.answer = 204
    await remove(webhook.id)
  })

  it('sets a row aside that was not taken in time, goes on, and sends it again when told to', async () => {
    const { webhook } = await make()
    receiver.answer = 500
    await deny()
    const dead = await until('a row is set aside', async () => {
      const list = await hub.admin.get<WebhookDeadList>(`${HERE}/${webhook.id}/dead`)
      return list.dead[0]
    })
    expect(dead).toMatchObject({ status: 500, cause: 'status', attempts: 1 })
    expect((await rowsOf(hub, 'webhook.dead')).at(-1)).toMatchObject({
      webhook: webhook.id,
      row: dead.seq,
      cause: 'HTTP 500',
    })
    const path = `${HERE}/${webhook.id}/dead/${dead.seq}/redeliver`
    expect(await hub.admin.post(path)).toMatchObject({ delivered: false, status: 500 })
    receiver.answer = 204
    await deny()
    const later = await until('the next one', () => denied().find(r => Number(r.event.seq) > dead.seq), 20_000)
    expect(later.event.seq).toBeGreaterThan(dead.seq)
    expect(await hub.admin.post(path)).toMatchObject({ delivered: true })
    const again = denied().at(-1)
    expect([again?.event.seq, again?.headers['webhook-id']]).toEqual([dead.seq, `msg_${webhook.id}_${dead.seq}`])
    expect((await view(webhook.id)).dead).toBe(0)
    expect(await refusal(hub.admin.fetch(path, { method: 'POST' }))).toEqual([404, 'webhook-dead-unknown'])
    await remove(webhook.id)
  })

  it('is paused by a receiver that says it is gone, and goes on where it was when resumed', async () => {
    const { webhook } = await make()
    receiver.answer = 410
    await deny()
    const paused = await until('it is paused', async () => {
      const now = await view(webhook.id)
      return now.status === 'paused' && now
    })
    expect(paused).toMatchObject({ pausedBecause: 'gone' })
    const from = denied().length
    receiver.answer = 204
    await deny()
    expect((await change(webhook.id, { status: 'active' }, paused.revision)).status).toBe(200)
    await until('both rows', () => denied().length >= from + 2)
    const [first, second] = denied().slice(from)
    expect(Number(second?.event.seq)).toBeGreaterThan(Number(first?.event.seq))
    await remove(webhook.id)
  })

  it('that hangs holds up no other, of the same host either', async () => {
    const stuck = await make({ url: receiver.at('/stuck') })
    const other = await make({ url: receiver.at('/other') })
    receiver.answer = (response, { path }) => void (path === '/stuck' || response.writeHead(204).end())
    const from = receiver.all.length
    const told = (path: string): number => receiver.all.slice(from).filter(r => r.path === path).length
    await deny()
    await until('one hangs', () => told('/stuck') === 1)
    for (let i = 0; i < 20; i++) await deny()
    await until('the other is told', () => told('/other') === 21, 5_000)
    expect(told('/stuck')).toBe(1)
    receiver.answer = 204
    await remove(stuck.webhook.id)
    await remove(other.webhook.id)
  })

  it('hears nothing while it is paused, and another cannot be written over', async () => {
    const { webhook } = await make()
    expect((await change(webhook.id, { status: 'paused' }, webhook.revision)).status).toBe(200)
    const from = denied().length
    const other = await make({ name: 'Témoin', url: receiver.at('/witness') })
    await deny()
    await until('the other one', () => denied().length > from)
    expect(
      denied()
        .slice(from)
        .map(r => r.path),
    ).toEqual(['/witness'])
    expect(await refusal(change(webhook.id, { name: 'y' }, webhook.revision))).toEqual([412, 'edit-conflict'])
    await remove(webhook.id)
    await remove(other.webhook.id)
  })
})

describe('where it may go', PATIENT, () => {
  it.each([
    ['http://localhost/', [422, 'input-invalid', '/url']],
    ['https://user:secret@localhost/', [422, 'input-invalid', 'url']],
    ['https://localhost/#part', [422, 'input-invalid', 'url']],
    ['https://localhost./', [422, 'input-invalid', 'url']],
    ['https://127.0.0.1/', [422, 'webhook-host', 'url']],
    ['https://2130706433/', [422, 'webhook-host', 'url']],
    ['https://[::1]/', [422, 'webhook-host', 'url']],
    ['https://[::ffff:127.0.0.1]/', [422, 'webhook-host', 'url']],
    ['https://169.254.169.254/latest/meta-data', [422, 'webhook-host', 'url']],
    ['https://receiver.invalid/', [422, 'webhook-host', 'url']],
  ])('is not %s', async (url, expected) => {
    const answer = await refusal(asks({ url }))
    expect([answer[0], answer[1]]).toEqual(expected.slice(0, 2))
  })

  it('is nowhere where the settings name nothing', async () => {
    const closed = new TestHub()
    await closed.start()
    await closed.setUp()
    const answer = closed.admin.fetch(HERE, {
      method: 'POST',
      body: JSON.stringify({ name: 'x', url: receiver.url, kinds: [] }),
    })
    expect(await refusal(answer)).toEqual([409, 'webhooks-closed'])
    expect(await closed.admin.get<WebhookList>(HERE)).toEqual({ webhooks: [], open: false, hosts: [] })
    await closed.close()
  })
})

describe('whose it is', PATIENT, () => {
  it('is told of guarded kinds only where who set it up may see them', async () => {
    const it_ = await hub.signInAs('it')
    const wish = { name: 'x', url: receiver.url, kinds: ['duress.raised'] }
    const answer = it_.fetch(HERE, { method: 'POST', body: JSON.stringify(wish) })
    expect(await refusal(answer)).toEqual([403, 'not-allowed'])
    expect((await asks({ kinds: ['duress.raised'] })).status).toBe(201)
  })

  it('is paused with the account of who set it up, within a second', async () => {
    const it_ = await hub.signInAs('it')
    const { webhook } = await it_.post<WebhookMade>(HERE, { name: 'IT', url: receiver.url, kinds: ['access.denied'] })
    const answer = await hub.admin.fetch(`/api/v1/operators/${it_.who.login}`)
    await hub.admin.fetch(`/api/v1/operators/${it_.who.login}`, {
      method: 'PATCH',
      body: JSON.stringify({ status: 'disabled', reason: 'départ' }),
      headers: { 'if-match': String(answer.headers.get('etag')) },
    })
    const began = performance.now()
    const paused = await until('it is paused', async () => {
      const now = await view(webhook.id)
      return now.status === 'paused' && now
    })
    expect(performance.now() - began).toBeLessThan(1_500)
    expect(paused.pausedBecause).toBe('owner')
    expect((await change(webhook.id, { status: 'active' }, paused.revision)).status).toBe(200)
    expect((await view(webhook.id)).by).toBe('B. Kessler')
    await remove(webhook.id)
  })

  it('of an application tells what its scope holds, by the names it may know, and ends with the cut', async () => {
    const planning = await TestTenant.register(hub, 'planning', { webhooks: true })
    const without = await TestTenant.register(hub, 'without')
    expect(await without.tries('GET', HERE)).toEqual([403, 'tenant-scope', 'webhooks'])
    const wish = { name: 'Mien', url: receiver.at('/planning'), kinds: [] as string[] }
    expect(await planning.tries('POST', HERE, { ...wish, kinds: ['operator.signed-in'] })).toEqual([
      403,
      'tenant-scope',
      'kinds',
    ])
    expect(await planning.tries('POST', HERE, { ...wish, zones: ['ward'] })).toEqual([403, 'tenant-scope', 'zones'])
    expect(await planning.tries('POST', HERE, { ...wish, zones: ['nowhere'] })).toEqual([403, 'tenant-scope', 'zones'])
    const { webhook } = (await (await planning.ask('POST', HERE, wish)).json()) as WebhookMade
    const foreign = await make()
    expect(await planning.tries('GET', `${HERE}/${foreign.webhook.id}`)).toEqual([404, 'webhook-unknown'])
    expect((await planning.get<WebhookList>(HERE)).webhooks.map(w => w.id)).toEqual([webhook.id])
    expect(await refusal(change(webhook.id, { url: receiver.url }, webhook.revision))).toEqual([409, 'webhook-foreign'])
    await deny()
    await door.badge(NURSE, 'door')
    const mine = () => receiver.all.filter(r => r.path === '/planning')
    await until('its two rows', () => mine().some(r => r.event.kind === 'access.granted') && mine().length >= 2)
    expect(mine().find(r => r.event.kind === 'access.denied')?.event).toMatchObject({ person: { name: 'T. Ferrand' } })
    expect(mine().find(r => r.event.kind === 'access.granted')?.event.person).toBeUndefined()
    await hub.admin.post(`/api/v1/tenants/${planning.id}/cut-off`, { reason: 'essai' })
    expect(await view(webhook.id)).toMatchObject({ status: 'paused', pausedBecause: 'owner', tenant: 'planning' })
    const [told, seen] = [mine().length, denied().length]
    await deny()
    await until('the other one is told', () => denied().length > seen)
    expect(mine().length).toBe(told)
    const { revision } = await view(webhook.id)
    expect(await refusal(change(webhook.id, { status: 'active' }, revision))).toEqual([409, 'webhook-ended'])
    await remove(foreign.webhook.id)
    await remove(webhook.id)
  })
})
