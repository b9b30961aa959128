/** What docs/webhooks.md tells receivers to run, run on what a hub sends. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SETTINGS } from '../config.ts'
import { Outbound } from '../notify/outbound.ts'
import { WebhookClient } from '../notify/webhook-client.ts'
import { newWebhookSecret } from '../notify/webhook-signature.ts'
import { WEBHOOK_LIMITS } from '../rules/webhooks.ts'
import { type Received, Receiver } from './webhook-receiver.ts'

const sh = promisify(execFile)
const dir = mkdtempSync(join(tmpdir(), 'vigie-webhook-docs-'))
const page = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')
const [english, french] = [page('webhooks.md'), page('fr/webhooks.md')]
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(english)?.[1] ?? ''
const noPython = spawnSync('python3', ['--version']).error !== undefined && process.env.VIGIE_TEST_REQUIRE !== 'all'

const receiver = new Receiver()
const [secret, before] = [newWebhookSecret(), newWebhookSecret()]
let got: Received

beforeAll(async () => {
  await receiver.start()
  const client = new WebhookClient({ outbound: new Outbound(['localhost']), ca: receiver.ca, now: Date.now })
  const body = '{"seq":7,"name":"Aubry-Ménard"}'
  const message = { url: receiver.url, id: 'msg_w-1_7', body, secrets: [secret, before] }
  await client.send(message, new AbortController().signal)
  client.stop()
  got = receiver.all[0] as Received
})
afterAll(async () => {
  await receiver.close()
  rmSync(dir, { recursive: true, force: true })
})

/** What the receiver's program says of it. */
async function asked(
  language: 'js' | 'python',
  secretOf: string,
  { headers, body }: Pick<Received, 'headers' | 'body'>,
) {
  const input = join(dir, 'input.json')
  writeFileSync(input, JSON.stringify({ secret: secretOf, headers, body }))
  const isNode = language === 'js'
  const tail = isNode
    ? `import { readFileSync } from 'node:fs'
const { secret, headers, body } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
console.log(isFromVigie(secret, headers, body))`
    : `import json, sys
one = json.load(open(sys.argv[1], encoding="utf-8"))
print(str(is_from_vigie(one["secret"], one["headers"], one["body"].encode())).lower())`
  const program = join(dir, isNode ? 'verify.mjs' : 'verify.py')
  writeFileSync(program, `${block(language)}\n${tail}\n`)
  const { stdout } = await sh(isNode ? process.execPath : 'python3', [program, input])
  return stdout.trim() === 'true'
}

describe.each(['js', 'python'] as const)('the receiver in %s', language => {
  it.skipIf(language === 'python' && noPython)(
    'takes what the hub signed, by the new secret or the one before, and nothing else',
    async () => {
      expect(block(language).trim().split('\n').length).toBeLessThanOrEqual(15)
      expect(await asked(language, secret, got)).toBe(true)
      expect(await asked(language, before, got)).toBe(true)
      expect(await asked(language, newWebhookSecret(), got)).toBe(false)
      expect(await asked(language, secret, { ...got, body: got.body.replace('7', '8') })).toBe(false)
      const old = { ...got.headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 3_600) }
      expect(await asked(language, secret, { ...got, headers: old })).toBe(false)
    },
  )
})

it('both pages name every setting and the limits that the hub has', () => {
  const named = Object.values(SETTINGS).flatMap(s => (s.env.startsWith('VIGIE_WEBHOOK') ? [s.env] : []))
  expect(named).toHaveLength(3)
  for (const text of [english, french]) {
    for (const name of named) expect(text).toContain(name)
    const { all, operators, tenant } = WEBHOOK_LIMITS
    expect(text.replaceAll('\n', ' ')).toMatch(new RegExp(`${all} webhooks .*${operators} .*${tenant} `))
  }
})
