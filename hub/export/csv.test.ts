import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { csv } from './csv.ts'
import type { ExportRow } from './source.ts'
import { AT, aboutExport, everyRow, SAMPLES, sliced, textOf, WHO } from './testing/samples.ts'

const noOffice = spawnSync('soffice', ['--version']).error !== undefined && process.env.VIGIE_TEST_REQUIRE !== 'all'
const INJECTIONS = ['=1+1', '+33 1 23', '-2', '@SUM(A1)', '\t=1+1', '\r=1+1', '=HYPERLINK("http://x","y")']
const injected: ExportRow[] = INJECTIONS.map((statedReason, n) => ({
  seq: 900 + n,
  at: AT,
  kind: 'access.granted',
  event: { ...SAMPLES['access.granted'], statedReason },
}))

/** RFC 4180, section 2, by hand: quotes may hold anything, CRLF ends a record. */
function parsed(text: string): string[][] {
  const records: string[][] = [[]]
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/y
  while (field.lastIndex < text.length) {
    const found = field.exec(text)
    if (!found) throw new Error(`no field at ${field.lastIndex}`)
    records.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '\r\n') records.push([])
  }
  return records.filter(record => record.length > 0)
}
const table = async (rows: readonly ExportRow[], about = aboutExport()): Promise<Record<string, string>[]> => {
  const [head = [], ...lines] = parsed(await textOf(csv(sliced(rows), about)))
  return lines.map(line => Object.fromEntries(line.map((cell, n) => [head[n] ?? '?', cell])))
}

describe('csv', () => {
  it('has a line of the same number of fields for every kind, in CRLF, but not for who opened under duress', async () => {
    const text = await textOf(csv(sliced(everyRow()), aboutExport()))
    const records = parsed(text)
    expect(records).toHaveLength(1 + everyRow().length - 1)
    expect(new Set(records.map(record => record.length))).toEqual(new Set([20]))
    expect(text).not.toMatch(/duress|Contrainte/)
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  })

  it('says who, where, when and why in words, and what has no column in the details', async () => {
    const [granted, denied] = await table(everyRow())
    expect(granted).toMatchObject({
      Ligne: '1',
      'Heure locale': '2026-11-22T09:15:03.412+01:00',
      'Heure UTC': '2026-11-22T08:15:03.412Z',
      Type: 'access.granted',
      Événement: 'Accordé',
      Personne: 'Zoé Lefèvre-Dąbrowska',
      Rôle: 'Infirmière',
      Pseudonyme: 'p-0f3a5c7e9b1d2468',
      Témoin: 'Éloïse Œillet',
      'Point d’accès': 'Armoire à stupéfiants, tiroir 2',
      Zone: 'Urgences adultes',
      Classe: 'Stupéfiants',
      'Ouvert par': 'droits d’un rôle',
      'Raison donnée': 'Arrêt cardiaque, box 3',
    })
    expect(JSON.parse(granted?.Détails ?? '')).toMatchObject({
      point: 'drawer-2',
      witness: 'p-1122334455667788',
      via: { kind: 'rule' },
      unlockMs: 5000,
    })
    expect(denied).toMatchObject({ Motif: 'hors horaire' })
  })

  it('has English words, and pseudonyms alone where names are not to be seen', async () => {
    const [granted] = await table(everyRow(), aboutExport({ language: 'en', names: false }))
    expect(granted).toMatchObject({ Event: 'Granted', Class: 'Controlled drugs', Person: '', Role: '' })
    expect(granted).toMatchObject({ Pseudonym: 'p-0f3a5c7e9b1d2468', Witness: 'p-1122334455667788' })
    expect(JSON.stringify(granted)).not.toContain(WHO['p-0f3a5c7e9b1d2468'].name)
  })

  it('shows an erased row by its time and kind, and names the row that erased it', async () => {
    const erased = (await table(everyRow())).at(-1)
    expect(erased).toMatchObject({ Type: 'access.denied', Personne: '', Détails: '{"erasedBy":3}' })
  })

  it('begins with a byte order mark only where asked', async () => {
    const bytes = async (bom: boolean): Promise<Buffer> =>
      Buffer.from(await textOf(csv(sliced([]), aboutExport(), { bom })))
    expect((await bytes(true)).subarray(0, 3).toString('hex')).toBe('efbbbf')
    expect((await bytes(false)).subarray(0, 5).toString()).toBe('Ligne')
  })

  it('puts an apostrophe before what a spreadsheet would take for a formula', async () => {
    const shown = (await table(injected)).map(row => row['Raison donnée'])
    expect(shown).toEqual(INJECTIONS.map(text => `'${text}`))
  })

  it.skipIf(noOffice)(
    'is read by LibreOffice as text: accents stay, no cell computes, the row number is a number',
    { timeout: 120_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'vigie-csv-'))
      try {
        const file = join(folder, 'journal.csv')
        writeFileSync(file, await textOf(csv(sliced([...everyRow(), ...injected]), aboutExport(), { bom: true })))
        // Comma, double quote, UTF-8, from line 1: what the import dialogue finds by itself.
        const filter = 'CSV:44,34,76,1'
        const profile = `-env:UserInstallation=file://${folder}/profile`
        const convert = [
          profile,
          '--headless',
          `--infilter=${filter}`,
          '--convert-to',
          'fods',
          '--outdir',
          folder,
          file,
        ]
        await promisify(execFile)('soffice', convert)
        const sheet = readFileSync(join(folder, 'journal.fods'), 'utf8')
        expect(sheet).toContain('Zoé Lefèvre-Dąbrowska')
        expect(sheet).toContain('Issue côté parking')
        expect(sheet).not.toContain('table:formula')
        expect(sheet).toMatch(/office:value-type="float" office:value="900"/)
        expect(sheet).toMatch(/office:value-type="string"[^>]*>\s*<text:p>&apos;=1\+1<\/text:p>/)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
})
