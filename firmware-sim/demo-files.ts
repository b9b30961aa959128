/** What the demo finds on disk from last time, and what it has to make anew. */
import { X509Certificate } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { INSTALLED } from './hospital-devices.ts'
import { siteFileText } from './site-text.ts'

const RENEW_BEFORE_MS = 7 * 86_400_000

/** The hospital's site file, written the first time only: what somebody changed in it since stays changed. */
export async function siteFile(data: string): Promise<string> {
  const file = join(data, 'hospital.site.json')
  await writeFile(file, siteFileText(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return file
}

/** Devices whose certificate file is gone, or ends within a week. */
export async function devicesToRenew(certs: string, now = Date.now()): Promise<string[]> {
  const good = await Promise.all(
    INSTALLED.map(async ({ id }) => {
      const [pem, key] = await Promise.all([read(join(certs, `${id}.cert.pem`)), read(join(certs, `${id}.key.pem`))])
      return (
        pem !== undefined && key !== undefined && new X509Certificate(pem).validToDate.getTime() - now > RENEW_BEFORE_MS
      )
    }),
  )
  return INSTALLED.filter((_, i) => !good[i]).map(d => d.id)
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** True if the built page is missing, or any of its sources is newer. */
export async function dashboardIsStale(folder: string): Promise<boolean> {
  const built = await modified(join(folder, 'dist/index.html'))
  if (built === undefined) return true
  const sources = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter(f => f.isFile())
    .map(f => join(f.parentPath, f.name))
    .filter(path => !/\/(dist|node_modules|test)\//.test(path.slice(folder.length)))
  const times = await Promise.all(sources.map(modified))
  return times.some(time => time !== undefined && time > built)
}

async function modified(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
