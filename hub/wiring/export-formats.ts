/** Formats that are made for readers, and what a file of each is called. Evidence is made from the journal itself. */
import { csv } from '../export/csv.ts'
import { fhir } from '../export/fhir.ts'
import { pdf } from '../export/pdf.ts'
import type { ExportAbout, ExportBytes, ExportRows } from '../export/source.ts'
import type { ExportWish } from '../flows/journal-exported.ts'

type Format = ExportWish['format']

export function formatted({ format, bom }: ExportWish, rows: ExportRows, about: ExportAbout): ExportBytes {
  if (format === 'pdf') return pdf(rows, about)
  if (format === 'fhir') return fhir(rows, about)
  return csv(rows, about, { bom })
}

const ENDINGS: Readonly<Record<Format, string>> = { csv: 'csv', jsonl: 'jsonl', pdf: 'pdf', fhir: 'fhir.json' }
const TYPES: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
  pdf: 'application/pdf',
  fhir: 'application/fhir+json; charset=utf-8',
}

/** @param what id of the export, or of the schedule and its month @returns `vigie-<site>-<what>.csv.age` */
export const fileNameOf = (site: string, what: string, format: Format, encrypted: boolean): string =>
  `vigie-${site}-${what}.${ENDINGS[format]}${encrypted ? '.age' : ''}`

export const typeOf = (format: Format, encrypted: boolean): string =>
  encrypted ? 'application/octet-stream' : TYPES[format]

/** Those that carry no checkpoint a program can read. */
export const needsCheckpointBeside = (format: Format): boolean => format === 'csv' || format === 'pdf'
