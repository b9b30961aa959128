/** docs/threats.md: what it says is shown is there, under that name. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const page = readFileSync(join(ROOT, 'docs/threats.md'), 'utf8')
const rows = page.split('\n').filter(line => /^\| (\d|–)/.test(line))

/** Each file of the last column, with the titles after it. */
const proofs = rows.flatMap(row => {
  const shown = row.split(' | ').at(-1) ?? ''
  return shown.split(/(?=`hub\/)/).flatMap(part => {
    const file = /^`(hub\/[^`]+)`/.exec(part)?.[1]
    return file === undefined ? [] : [{ file, titles: [...part.matchAll(/“([^”]+)”/g)].map(m => m[1] ?? '') }]
  })
})

describe('the page of threats', () => {
  it.each(['13', '16', '17', '18', '19', '20', '21', '22'])('has an answer to threat %s', number => {
    expect(rows.some(row => row.startsWith(`| ${number} |`))).toBe(true)
  })
  it('names a test in every line', () => {
    for (const row of rows) expect(row).toMatch(/`hub\/[\w/-]+\.test\.ts`/)
    expect(proofs.length).toBeGreaterThan(20)
  })
  it.each(proofs)('$file has the tests it names', ({ file, titles }) => {
    expect(existsSync(join(ROOT, file))).toBe(true)
    const source = readFileSync(join(ROOT, file), 'utf8')
    for (const title of titles) expect(source).toContain(title)
  })
})

it('nothing the hub runs with reads XML', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const run = Object.entries(packages).flatMap(([name, { dev }]) => (dev ? [] : [name.split('node_modules/').at(-1)]))
  expect(run.length).toBeGreaterThan(50)
  expect(run.filter(name => /xml|sax|libxslt|htmlparser/.test(name ?? ''))).toEqual([])
})
