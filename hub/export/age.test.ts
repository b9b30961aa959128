/** Files that the age program of Debian reads, and reads that it wrote. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Bytes, decrypt, encrypt, newIdentity, recipientOf } from './age.ts'

const dir = mkdtempSync(join(tmpdir(), 'vigie-age-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const noAge = spawnSync('age', ['--version']).status !== 0 && process.env.VIGIE_TEST_REQUIRE !== 'all'

const streamed = (bytes: Uint8Array): Bytes => ReadableStream.from<Uint8Array>([bytes])
async function all(stream: Bytes): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}
const plain = Buffer.alloc(200_000, 'Marchand ')

describe.skipIf(noAge)('the age program (Debian: age)', () => {
  it('opens what was encrypted here, and the other way round', async () => {
    const identity = await newIdentity()
    const recipient = await recipientOf(identity)
    const [key, file] = [join(dir, 'key'), join(dir, 'file.age')]
    writeFileSync(key, `${identity}\n`, { mode: 0o600 })
    writeFileSync(file, await all((await encrypt(streamed(plain), [recipient])).stream))
    expect(execFileSync('age', ['-d', '-i', key, file]).equals(plain)).toBe(true)
    execFileSync('age', ['-r', recipient, '-o', join(dir, 'theirs.age')], { input: plain })
    expect((await all(await decrypt(streamed(readFileSync(join(dir, 'theirs.age'))), identity))).equals(plain)).toBe(
      true,
    )
  })
})

describe('an encrypted file', () => {
  it('is read back by whoever has just written it, without a key; and by nobody else', async () => {
    const recipient = await recipientOf(await newIdentity())
    const sealed = await encrypt(streamed(plain), [recipient])
    const bytes = await all(sealed.stream)
    expect(bytes.includes('Marchand')).toBe(false)
    expect((await all(await sealed.readBack(streamed(bytes)))).equals(plain)).toBe(true)
    await expect(decrypt(streamed(bytes), await newIdentity())).rejects.toMatchObject({ code: 'age-key-wrong' })
    const other = await encrypt(streamed(plain), [recipient])
    await all(other.stream)
    await expect(other.readBack(streamed(bytes))).rejects.toThrow()
  })

  it('takes keys of its kind only', async () => {
    await expect(encrypt(streamed(plain), ['age1nonsense'])).rejects.toMatchObject({ code: 'age-key-invalid' })
    await expect(recipientOf('AGE-SECRET-KEY-1NONSENSE')).rejects.toMatchObject({ code: 'age-key-invalid' })
    await expect(decrypt(streamed(Buffer.from('no age file\n')), await newIdentity())).rejects.toMatchObject({
      code: 'age-damaged',
    })
  })
})
