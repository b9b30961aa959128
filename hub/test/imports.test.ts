/** The import table of the design, executable: who may import whom, and which library has which one importer. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const SKIPPED = new Set(['node_modules', 'dist', 'data', '.git'])

interface Import {
  readonly file: string
  /** A path from the root for ours (`hub/events.ts`), a package or `node:` name otherwise. */
  readonly target: string
  readonly typeOnly: boolean
}

function filesBelow(dir: string): string[] {
  return readdirSync(join(ROOT, dir), { withFileTypes: true }).flatMap(entry => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(path)
    return /\.(ts|mjs|js|svelte)$/.test(entry.name) ? [path] : []
  })
}

const STATEMENT =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[\w*{][^'"]*?from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(STATEMENT)].map(m => ({
    file,
    target: resolveTarget(file, m[3] ?? m[4] ?? ''),
    typeOnly: m[2] !== undefined,
  }))
}

function resolveTarget(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return relative('', normalize(join(dirname(file), specifier)))
  const aliases: Record<string, string> = { '#hub/': 'hub/', '#devices/': 'devices/', '#sim/': 'firmware-sim/' }
  for (const [alias, folder] of Object.entries(aliases))
    if (specifier.startsWith(alias)) return folder + specifier.slice(alias.length)
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

const isTest = (file: string): boolean => /\.test\.ts$|(^|\/)(test|testing)\//.test(file)
const all = ['hub', 'devices', 'firmware-sim', 'dashboard', 'bench'].flatMap(filesBelow).flatMap(importsOf)
const product = all.filter(i => !isTest(i.file))
const within = (path: string, ...folders: string[]): boolean =>
  folders.some(f => path === f || path.startsWith(`${f}/`))
const ours = (i: Import): boolean => within(i.target, 'hub', 'devices', 'firmware-sim', 'dashboard', 'bench', 'tenants')
const shown = (list: Import[]): string[] => list.map(i => `${i.file} imports ${i.target}`)

const EDGES = ['hub/record', 'hub/act', 'hub/notify', 'hub/series', 'hub/transport', 'hub/pki', 'hub/export']
const edgeOf = (path: string): string | undefined => EDGES.find(e => within(path, e))

describe('who may import whom', () => {
  it('has files to look at', () => {
    expect(product.length).toBeGreaterThan(100)
  })

  it('devices/ stands alone, so that hub, simulator and agent can share it', () => {
    const bad = product.filter(
      i =>
        within(i.file, 'devices') &&
        !within(i.file, 'devices/agent') &&
        !(within(i.target, 'devices') || ['typebox', 'node:buffer'].includes(i.target)),
    )
    expect(shown(bad)).toEqual([])
  })

  it('hub/access and hub/rules are pure: devices and contracts only, no node:, because the edge decides with the same code', () => {
    const allowed = [
      'hub/access',
      'hub/rules',
      'devices/messages.ts',
      'devices/schema.ts',
      'hub/events.ts',
      'hub/errors.ts',
    ]
    const bad = product.filter(i => within(i.file, 'hub/access', 'hub/rules') && !within(i.target, ...allowed))
    expect(shown(bad)).toEqual([])
  })

  it('the edges (record, act, notify, transport, pki, export) know neither each other nor the flows', () => {
    const common = [
      'devices',
      'hub/events.ts',
      'hub/errors.ts',
      'hub/file-causes.ts',
      'hub/bounded-fetch.ts',
      'hub/thread-only.ts',
      'hub/ports.ts',
      'hub/api.ts',
      'hub/access/site-classes.ts', // a table of words and modes, no rights
      'hub/access/reasons.ts',
      'hub/rules/zones.ts', // which zones lie below which, no rights
      'hub/rules/points.ts', // what a point of time series is
      'hub/rules/series.ts', // how a curve is asked for
    ]
    const bad = product.filter(i => edgeOf(i.file) && ours(i) && !within(i.target, edgeOf(i.file) as string, ...common))
    expect(shown(bad)).toEqual([])
  })

  it('flows see access and rules by value and the edges as the small types of ports.ts only', () => {
    const allowed = [
      'hub/flows',
      'hub/access',
      'hub/rules',
      'devices',
      'hub/events.ts',
      'hub/errors.ts',
      'hub/ports.ts',
    ]
    const bad = product.filter(i => within(i.file, 'hub/flows') && !within(i.target, ...allowed))
    expect(shown(bad)).toEqual([])
  })

  it('http sees events, api, errors and ports: a door command from the dashboard enters a flow like any other', () => {
    const allowed = [
      'hub/http',
      'hub/working.ts', // which request a line of the log is of
      'hub/bounded-fetch.ts',
      'hub/events.ts',
      'hub/api.ts',
      'hub/errors.ts',
      'hub/ports.ts',
      'devices/schema.ts',
      'devices/messages.ts',
      'hub/access/french.ts', // words of what a shape expects, no rights
      'hub/rules/roles.ts', // the table of capabilities
      'hub/access/site.ts', // shapes of the site, which answers hold
      'hub/access/grants.ts', // the list of origins
      'hub/access/reasons.ts',
      'hub/rules/zones.ts', // which zones lie below which
      'hub/rules/approvals.ts', // the list of acts that wait, and of their states
      'hub/rules/tenant-scope.ts', // what applications may do
      'hub/rules/telling.ts', // the lists of ways, states and causes of messages
      'hub/rules/tenant-words.ts',
      'hub/rules/series.ts', // how a curve is asked for
      'hub/rules/reports.ts', // the list of reports
      'hub/rules/incidents.ts', // how far incidents are, what was found
      'hub/rules/scenarios.ts', // the lists of alerts and severities
      'hub/rules/inventory.ts', // the list of flags
      'hub/rules/webhooks.ts', // why deliveries fail, and how many there may be
    ]
    const bad = product.filter(i => within(i.file, 'hub/http') && ours(i) && !within(i.target, ...allowed))
    expect(shown(bad)).toEqual([])
  })

  it('firmware-sim talks MQTT like real hardware and never sees the hub', () => {
    const bad = all.filter(
      i => within(i.file, 'firmware-sim') && ours(i) && !within(i.target, 'firmware-sim', 'devices'),
    )
    expect(shown(bad)).toEqual([])
  })

  it('dashboard sees types of hub/api.ts and nothing else', () => {
    const bad = product.filter(
      i =>
        within(i.file, 'dashboard') &&
        ours(i) &&
        !within(i.target, 'dashboard') &&
        !(i.target === 'hub/api.ts' && i.typeOnly),
    )
    expect(shown(bad)).toEqual([])
  })

  it('only hub/config.ts reads process.env, and hub/compiled.ts what Node itself takes from there', () => {
    const readers = filesBelow('hub').filter(
      f => !isTest(f) && /process\.env/.test(readFileSync(join(ROOT, f), 'utf8')),
    )
    expect(readers.sort()).toEqual(['hub/compiled.ts', 'hub/config.ts'])
  })
})

describe('one library, one importer', () => {
  const HOMES: Readonly<Record<string, readonly string[]>> = {
    aedes: ['hub/transport'],
    'aedes-persistence': ['hub/transport'],
    mqtt: ['firmware-sim', 'bench', 'hub/notify/ha-link.ts'],
    'mqtt-packet': ['hub/transport', 'bench'],
    casbin: ['bench/access-casbin.ts'],
    '@cedar-policy/cedar-wasm': ['bench/access-cedar.ts'],
    fastify: ['hub/http'],
    '@fastify/static': ['hub/http'],
    '@fastify/cookie': ['hub/http'],
    '@node-rs/argon2': ['hub/http'],
    '@simplewebauthn/server': ['hub/http/passkeys.ts'],
    '@simplewebauthn/browser': ['dashboard'],
    otpauth: ['hub/http/totp.ts'],
    '@zxcvbn-ts/language-common': ['hub/http/breached.ts'],
    'openid-client': ['hub/http/provider.ts'],
    jose: ['hub/http/logout-token.ts'],
    '@fastify/swagger': ['hub/http/openapi.ts'],
    'openapi-fetch': ['dashboard'],
    uqr: ['dashboard'],
    'socket.io': ['hub/notify'],
    'socket.io-client': ['dashboard', 'bench/dashboard-watch.ts'],
    kysely: ['hub/record'],
    'better-sqlite3-multiple-ciphers': ['hub/record', 'bench'],
    '@peculiar/x509': ['hub/pki'],
    'reflect-metadata': ['hub/pki'],
    pino: ['hub/program.ts', 'hub/log.ts'],
    pdfkit: ['hub/export'],
    'age-encryption': ['hub/export/age.ts'],
    nodemailer: ['hub/notify/mail.ts'],
    croner: ['hub/wiring/clock.ts'],
    suncalc: ['hub/wiring/sun.ts'],
    influx: ['hub/series/influx1.ts', 'bench'],
    '@influxdata/influxdb-client': ['hub/series/influx2.ts'],
    'prom-client': ['hub/wiring/pulse.ts'],
    'tar-stream': ['hub/record'],
    typebox: ['devices/schema.ts'],
    svelte: ['dashboard'],
    '@sveltejs/vite-plugin-svelte': ['dashboard'],
    '@lucide/svelte': ['dashboard'],
    '@fontsource/ibm-plex-mono': ['dashboard'],
    '@fontsource-variable/ibm-plex-sans': ['dashboard'],
    vite: ['dashboard'],
  }
  const packages = product.filter(i => !ours(i) && !i.target.startsWith('node:'))
  // The benchmarks put the bare broker and the bare web framework beside ours, so there they may be seen.
  const atHome = (i: Import): boolean =>
    (['aedes', 'fastify'].includes(i.target) && within(i.file, 'bench')) || within(i.file, ...(HOMES[i.target] ?? []))

  it('each library is imported from its one home', () => {
    expect(shown(packages.filter(i => !atHome(i)))).toEqual([])
  })
})
