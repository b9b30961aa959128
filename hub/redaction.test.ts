import { describe, expect, it } from 'vitest'
import { makeLog } from './log.ts'
import { cleaned } from './redaction.ts'
import { workingOn } from './working.ts'

const lines: Record<string, unknown>[] = []
const log = makeLog('trace', { write: line => void lines.push(JSON.parse(line)) })
const line = (write: () => void): Record<string, unknown> => {
  lines.length = 0
  write()
  return lines[0]!
}

describe('a log line', () => {
  it.each([
    ['a token of the API', 'vigie_0123456789abcdefABCDEF'],
    ['a secret of a webhook', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['a header', 'Bearer abcdef0123456789'],
    ['a token of an identity provider', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln'],
    ['a password in an address', 'hunter2-in-url'],
    ['an address', 'lea.aubry@chu-exemple.fr'],
    ['a telephone', '+33612345678'],
    ['a badge', '04A2B3C4D5E6F7'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----'],
  ])('%s is in none, wherever it was put', (_, secret) => {
    const text = secret.startsWith('hunter2') ? `mqtts://vigie:${secret}@broker.example` : `for ${secret} it failed`
    const failure = new Error(text, { cause: new Error(text) })
    const made = line(() => log.error({ err: failure, cause: text, deep: [{ er: { in: text } }] }, text))
    expect(JSON.stringify(made)).not.toContain(secret.split('\n').at(-2) ?? secret)
    expect(JSON.stringify(made)).not.toContain(secret)
    expect(made.err).toMatchObject({ type: 'Error', stack: expect.stringContaining('redaction.test') })
  })

  it.each(['password', 'PIN', 'uid', 'Authorization', 'cookie', 'email', 'phone', 'name', 'login', 'badge'])(
    'a field called %s keeps its name alone',
    field => {
      expect(line(() => log.info({ asked: { [field]: 'something' } }, 'x')).asked).toEqual({ [field]: '[removed]' })
    },
  )

  it('keeps what tells what happened', () => {
    const kept = {
      device: 'cab-1',
      refusal: 'size',
      code: 'journal-unavailable',
      operator: 'o-77ab',
      at: 1_795_000_000_000,
      serial: '04a2ff',
    }
    expect(line(() => log.warn(kept, 'refused'))).toMatchObject({ ...kept, msg: 'refused' })
    expect(cleaned('row 1795000000000 of 12345678, sha256 9f86d081884c7d65')).toBe(
      'row 1795000000000 of 12345678, sha256 9f86d081884c7d65',
    )
  })

  it('names the request it was written in, in what that began too', async () => {
    const written = line(() => workingOn({ request: 'r-1' }, () => log.info({}, 'x')))
    expect(written.request).toBe('r-1')
    lines.length = 0
    await workingOn({ request: 'r-2' }, async () => {
      await new Promise(resolve => setImmediate(resolve))
      log.info({}, 'later')
    })
    expect(lines[0]?.request).toBe('r-2')
    expect(line(() => log.info({}, 'x')).request).toBeUndefined()
  })

  it('comes to an end, whatever it is handed', () => {
    const round: Record<string, unknown> = {}
    round.itself = round
    expect(line(() => log.info({ round, bytes: Buffer.from('secret') }, 'x')).bytes).toBe('[removed]')
    expect(String(line(() => log.info({ long: 'x'.repeat(100_000) }, 'x')).long).length).toBeLessThan(5_000)
  })
})
