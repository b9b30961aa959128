/** Every operation of the document x nobody, each role, two tokens: whoever may not is refused, whoever may is not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { byToken, type Capability, isCapability, mayOperator, ROLES, type Role } from '../rules/roles.ts'
import { type Call, exampleCall } from './api-document.ts'
import { send, type Target } from './api-fuzz.ts'
import { ApiStage } from './api-stage.ts'

const NARROW: readonly Capability[] = ['events.read', 'health.read']

describe('every operation of the document', () => {
  let stage: ApiStage
  beforeAll(async () => {
    stage = await ApiStage.open()
  }, 120_000)
  afterAll(() => stage?.close())

  const capabilityOf = ({ operation }: Call): Capability | undefined => {
    const capability = operation['x-vigie-capability']
    return isCapability(capability) ? capability : undefined
  }
  /** Who signs out is asked last. */
  const calls = (): readonly Call[] =>
    stage.api.calls.toSorted(
      (a, b) => Number(a.operation.operationId === 'signOut') - Number(b.operation.operationId === 'signOut'),
    )
  const guarded = (): readonly Call[] => calls().filter(capabilityOf)
  const inSession = ({ operation }: Call): boolean => (operation['x-vigie-stages'] ?? ['in']).includes('in')

  /** The code of the refusal; undefined where it was not refused for want of a right. */
  async function refusal(call: Call, target: Target): Promise<string | undefined> {
    const { path, body } = exampleCall(call)
    const answer = await send(target, call.method, {
      path,
      ...(body !== undefined && { body, type: 'application/json' }),
    })
    const code = codeIn(answer)
    return ['not-signed-in', 'not-allowed', 'token-refused'].includes(code) ? code : undefined
  }
  /** SCIM tells no code: a token that was refused is challenged. */
  function codeIn({ type, text, status, headers }: Awaited<ReturnType<typeof send>>): string {
    if (type === 'application/problem+json') return (JSON.parse(text) as { code: string }).code
    if (type !== 'application/scim+json' || (status !== 401 && status !== 403)) return ''
    if (status === 403) return 'not-allowed'
    return headers['www-authenticate'] === undefined ? 'not-signed-in' : 'token-refused'
  }
  async function wrongly(
    target: Target,
    expected: (call: Call, capability: Capability) => string | undefined,
  ): Promise<unknown[]> {
    const wrong: unknown[] = []
    for (const call of guarded()) {
      const [got, due] = [await refusal(call, target), expected(call, capabilityOf(call)!)]
      if (got !== due) wrong.push([call.operation.operationId, capabilityOf(call), { got, due }])
    }
    return wrong
  }

  it('is closed without sign-in, unless the document says that nobody needs to', async () => {
    expect(await wrongly(stage.anonymous, () => 'not-signed-in')).toEqual([])
    expect(guarded().length).toBeGreaterThan(70)
    const open = calls().filter(call => !capabilityOf(call))
    for (const call of open) expect([call.path, await refusal(call, stage.anonymous)]).toEqual([call.path, undefined])
  })

  it.each([
    ['all that a program may do', 'widest'],
    ['little', 'narrow'],
  ] as const)('is open to a token of %s exactly where both the token and its operator may', async (_, which) => {
    const capabilities = which === 'widest' ? stage.widest : NARROW
    const may = (capability: Capability): boolean =>
      byToken(capability) && capabilities.includes(capability) && mayOperator({ role: 'administrator' }, capability)
    expect(
      await wrongly(await stage.withToken(capabilities), (_call, capability) =>
        may(capability) ? undefined : 'not-allowed',
      ),
    ).toEqual([])
  })

  it('is closed to a token that there is none of', async () => {
    const forged = { ...stage.anonymous, headers: { authorization: `Bearer vigie_${'A'.repeat(43)}` } }
    expect(await refusal(stage.api.call('listEvents'), forged)).toBe('token-refused')
  })

  it.each(['https://elsewhere.example', 'null', 'http://localhost:1', 'http://localhost.elsewhere.example'])(
    'is closed to a page of %s where it changes something, whoever is signed in there',
    async origin => {
      const page = { ...stage.anonymous, headers: { ...stage.as('administrator').headers, origin } }
      const changing = calls().filter(c => c.method !== 'GET' && c.operation['x-vigie-capability'] !== 'device')
      expect(changing.length).toBeGreaterThan(40)
      for (const call of changing) {
        const { path, body = '{}' } = exampleCall(call)
        const answer = await send(page, call.method, { path, body, type: 'application/json' })
        expect([call.operation.operationId, answer.status]).toEqual([call.operation.operationId, 403])
        const scim = answer.type === 'application/scim+json'
        expect(JSON.parse(answer.text)).toMatchObject(scim ? { status: '403' } : { code: 'origin-refused' })
      }
    },
  )

  it.each(ROLES)('lets %s do what the table of capabilities says, and nothing else', async (role: Role) => {
    const due = (call: Call, capability: Capability): string | undefined =>
      mayOperator({ role }, capability) && inSession(call) && !call.operation['x-vigie-token-only']
        ? undefined
        : 'not-allowed'
    expect(await wrongly(stage.as(role), due)).toEqual([])
  })
})
