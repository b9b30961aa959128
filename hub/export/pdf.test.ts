import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { fingerprint, MOST_PDF_ROWS, pdf } from './pdf.ts'
import type { ExportAbout, ExportRow } from './source.ts'
import { AT, aboutExport, chunksOf, everyRow, SAMPLES, sliced } from './testing/samples.ts'

const noPoppler = spawnSync('pdftotext', ['-v']).error !== undefined && process.env.VIGIE_TEST_REQUIRE !== 'all'
const run = promisify(execFile)

/** The text of each page, whatever kind of space pdftotext makes of a narrow one, and what pdffonts says. */
async function read(rows: readonly ExportRow[], about: ExportAbout): Promise<{ pages: string[]; fonts: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-pdf-'))
  try {
    const file = join(folder, 'journal.pdf')
    writeFileSync(file, Buffer.concat(await chunksOf(pdf(sliced(rows), about))))
    const { stdout } = await run('pdftotext', ['-layout', '-enc', 'UTF-8', file, '-'])
    const fonts = await run('pdffonts', [file])
    return {
      pages: stdout
        .replace(/[\u202f\u00a0]/g, ' ')
        .split('\f')
        .slice(0, -1),
      fonts: fonts.stdout,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
const grants = function* (count: number): Generator<ExportRow> {
  const event = SAMPLES['lock.unlocked']
  for (let n = 0; n < count; n++) yield { seq: n + 1, at: AT + n * 1000, kind: event.kind, event }
}

describe.skipIf(noPoppler)('pdf, as pdftotext reads it', () => {
  let pages: string[] = []
  let fonts = ''
  beforeAll(async () => {
    ;({ pages, fonts } = await read(everyRow(), aboutExport()))
  })

  it('begins with what it is, of which site, who asked for it and why, and what was looked for', () => {
    expect(pages[0]).toContain('Extrait du journal des accès')
    expect(pages[0]).toMatch(/Établi par +Benoît Châtelain/)
    expect(pages[0]).toContain('Inspection de l’ARS : registre des stupéfiants')
    expect(pages[0]).toMatch(/Zone +Urgences adultes/)
    expect(pages[0]).toMatch(/Du +22\/11\/2026 00:00/)
    expect(pages[0]).toMatch(/signé le 23\/11\/2026 07:28:23/)
  })

  it('has the site, the export, its title and its number on every page, and the head of the table above its rows', () => {
    for (const [n, page] of pages.entries()) {
      expect(page).toMatch(/^ *Vigie · Centre hospitalier de l’Œuvre +Export x-0011223344556677/)
      expect(page).toMatch(new RegExp(`Extrait du journal des accès · .*page ${n + 1}\\s*$`))
    }
    expect(pages[1]).toMatch(/Ligne +Quand +Événement +Qui +Où +Détails/)
  })

  it('tells each row in words, with names, accents and narrow spaces in embedded fonts', () => {
    expect(pages[0]).toContain('Zoé Lefèvre-Dąbrowska')
    expect(pages[0]).toContain('Témoin : Éloïse Œillet')
    expect(pages[0]).toContain('« Arrêt cardiaque, box 3 »')
    expect(pages[0]).toContain('hors horaire')
    const faces = fonts.split('\n').slice(2, -1)
    expect(faces).toHaveLength(2)
    for (const face of faces) expect(face).toMatch(/IBMPlexSans-\S+ +CID TrueType +Identity-H +yes yes yes/)
  })

  it('never shows who opened under duress, and shows an erased row without its contents', () => {
    expect(pages.join()).not.toContain('Contrainte')
    expect(pages.join()).toContain('Contenu effacé, voir la ligne 3')
  })

  it('counts the rows by event and by day after the last one', () => {
    const totals = pages.slice(-3).join()
    expect(totals).toMatch(new RegExp(`Lignes +${everyRow().length - 1}\\b`))
    expect(totals).toMatch(/Refusé +2/)
    expect(totals).toMatch(new RegExp(`22/11/2026 +${everyRow().length - 1}\\b`))
  })

  it('ends with the checkpoint as signed, the fingerprint of the key, and how to check it all', () => {
    const last = pages.at(-1)?.replace(/\s+/g, ' ') ?? ''
    const { note, keys } = aboutExport().checkpoint
    for (const line of note.split(/\s+/)) expect(last).toContain(line)
    expect(last).toContain(keys[0])
    expect(last).toContain(fingerprint(keys[0] ?? ''))
    expect(last).toContain('node verify.mjs export.jsonl --key')
  })

  it('is English where asked, with pseudonyms where names are not to be seen', async () => {
    const { pages: english } = await read(everyRow(), aboutExport({ language: 'en', names: false }))
    expect(english[0]).toContain('Extract of the access journal')
    expect(english[0]).toContain('p-0f3a5c7e9b1d2468')
    expect(english.join()).not.toContain('Lefèvre')
  })

  it('says so where no row fits', async () => {
    const { pages: none } = await read([], aboutExport())
    expect(none[0]).toContain('Aucune ligne ne correspond.')
  })

  it('keeps what somebody wrote inside its cell, however long its words are', async () => {
    const statedReason = 'x'.repeat(200)
    const long = { seq: 1, at: AT, kind: 'access.granted', event: { ...SAMPLES['access.granted'], statedReason } }
    const { pages: shown } = await read([long], aboutExport())
    expect(shown[0]?.match(/x{10,}/g)?.map(line => line.length < 40)).not.toContain(false)
  })
})

describe('pdf', () => {
  it('is refused past its most rows, with the formats that take them', { timeout: 120_000 }, async () => {
    const made = chunksOf(pdf(sliced(grants(MOST_PDF_ROWS + 1), 1000), aboutExport()))
    await expect(made).rejects.toMatchObject({
      code: 'export-too-large',
      message: expect.stringMatching(/csv or jsonl/),
    })
  })
})
