import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dashboardIsStale, devicesToRenew, siteFile } from './demo-files.ts'
import { siteFileText } from './site-text.ts'

describe('what the demo finds from last time', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigie-demo-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('writes the site file once and never over somebody’s changes', async () => {
    const file = await siteFile(folder)
    expect(await readFile(file, 'utf8')).toBe(siteFileText())
    await writeFile(file, 'changed')
    expect(await siteFile(folder)).toBe(file)
    expect(await readFile(file, 'utf8')).toBe('changed')
  })

  it('has every device without certificate files renewed', async () => {
    expect(await devicesToRenew(folder)).toHaveLength(40)
  })

  it('builds the dashboard if it is missing or older than a source, and otherwise not', async () => {
    await mkdir(join(folder, 'src/pages'), { recursive: true })
    await writeFile(join(folder, 'src/pages/live.svelte'), '')
    expect(await dashboardIsStale(folder)).toBe(true)
    await mkdir(join(folder, 'dist'))
    await writeFile(join(folder, 'dist/index.html'), '')
    await utimes(join(folder, 'src/pages/live.svelte'), 1_000, 1_000)
    expect(await dashboardIsStale(folder)).toBe(false)
    const tomorrow = Date.now() / 1000 + 86_400
    await utimes(join(folder, 'src/pages/live.svelte'), tomorrow, tomorrow)
    expect(await dashboardIsStale(folder)).toBe(true)
  })
})
