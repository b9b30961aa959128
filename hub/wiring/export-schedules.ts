/** Monthly exports: as they are asked for, kept, and delivered into a folder or by mail. */
import { statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { ExportSchedule, ExportScheduleRequest } from '../api.ts'
import { type Language, type Said, VigieError } from '../errors.ts'
import type { EventKind } from '../events.ts'
import type { Month, Scheduled } from '../flows/export-scheduled.ts'
import type { ExportDone, ExportWish } from '../flows/journal-exported.ts'
import type { Mail } from '../notify/mail.ts'
import { exportSchedules } from '../record/ops-exports.ts'
import type { Db } from '../record/sql.ts'
import { fileNameOf, needsCheckpointBeside } from './export-formats.ts'

/** As it is kept. `filter` without a span. */
export interface KeptSchedule extends ExportScheduleRequest {
  readonly language: Language
  readonly names: boolean
  readonly hidden: readonly EventKind[]
  readonly by: string
}
export type DueSchedule = KeptSchedule & Scheduled

export function schedulesIn(db: Db): (DueSchedule & { readonly lastAt?: number })[] {
  return exportSchedules(db).map(({ id, body, nextAt, lastAt }) => ({
    ...(JSON.parse(body) as KeptSchedule),
    ...{ id, nextAt },
    ...(lastAt !== null && { lastAt }),
  }))
}

export const viewsIn = (db: Db): ExportSchedule[] => schedulesIn(db).map(({ hidden: _, by: __, ...view }) => view)

/** @param mailSet whether mail can be sent @throws VigieError schedule-invalid, mail-unset */
export function checkSchedule(wish: ExportScheduleRequest, mailSet: boolean): void {
  const { day, time, folder, mail, statedReason } = wish
  if (!Number.isInteger(day) || day < 1 || day > 28) throw wrong('day', DAY)
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw wrong('time', TIME)
  if ((folder === undefined) === (mail === undefined)) throw wrong('folder', ONE)
  if (statedReason.trim().length < 3 || statedReason.length > 500) throw wrong('statedReason', REASON)
  if (folder !== undefined && !(isAbsolute(folder) && isFolder(folder))) throw wrong('folder', FOLDER)
  if (mail?.some(address => !/^[^\s@<>,;"]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(address))) throw wrong('mail', ADDRESS)
  if (mail && !mailSet) throw new VigieError('mail-unset')
}
const wrong = (field: string, expected: Said): VigieError => new VigieError('schedule-invalid', { field, expected })
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
const DAY: Said = { en: 'a day of the month from 1 to 28', fr: 'un jour du mois, de 1 à 28' }
const TIME: Said = { en: 'a time of day, HH:MM', fr: 'une heure, HH:MM' }
const ONE: Said = { en: 'either a folder or mail addresses', fr: 'un dossier, ou bien des adresses de courriel' }
const FOLDER: Said = {
  en: 'the whole path of an existing folder',
  fr: 'le chemin complet d’un dossier qui existe',
}
const ADDRESS: Said = { en: 'mail addresses', fr: 'des adresses de courriel' }
const REASON: Said = { en: 'why, in 3 to 500 characters', fr: 'pourquoi, en 3 à 500 caractères' }

/** Where copies of a schedule go, as it stands in the journal: no mail address. */
export const destinationName = ({ id, folder }: DueSchedule): string => `${id} ${folder ?? 'mail'}`

interface Delivering {
  /** Of files on their way to the mail server. */
  readonly mailFolder: string
  readonly site: () => { readonly id: string; readonly name: string }
  readonly export: (wish: ExportWish) => Promise<ExportDone>
  readonly send: (mail: Mail) => Promise<void>
  readonly remove: (file: string) => void
  readonly newId: () => string
  readonly now: () => number
}

export async function deliver(s: DueSchedule, month: Month, d: Delivering): Promise<void> {
  const fileName = fileNameOf(d.site().id, `${s.id}-${month.name}`, s.format, true)
  const file = join(s.folder ?? d.mailFolder, fileName)
  const done = await d.export({
    ...{ id: d.newId(), format: s.format, hidden: s.hidden, names: s.names, language: s.language },
    ...{ bom: s.bom === true, recipient: s.recipient, by: 'hub', statedReason: s.statedReason, schedule: s.id },
    ...{ askedAt: d.now(), file, replace: true },
    filter: { ...s.filter, from: month.from, until: month.until },
    to: s.mail ? 'mail' : 'folder',
    beside: !s.mail && needsCheckpointBeside(s.format),
  })
  if (!s.mail) return
  try {
    const subject = SUBJECT[s.language].replace('{site}', d.site().name).replace('{month}', month.name)
    const id = `${s.id}-${month.name}`
    await d.send({ to: s.mail, subject, text: mailText(s.language, fileName, done), id, file, fileName })
  } finally {
    d.remove(file)
  }
}

const SUBJECT: Readonly<Record<Language, string>> = {
  fr: 'Vigie, {site}\u202f: journal de {month}',
  en: 'Vigie, {site}: journal of {month}',
}

function mailText(language: Language, fileName: string, { rows, sha256, checkpoint }: ExportDone): string {
  const fr = [
    `Lignes\u202f: ${rows}. Fichier chiffré (age)\u202f: age -d -i <clé> ${fileName}`,
    `SHA-256\u202f: ${sha256}`,
    'Point de contrôle du journal, à garder\u202f:',
  ]
  const en = [
    `Rows: ${rows}. The file is encrypted (age): age -d -i <key> ${fileName}`,
    `SHA-256: ${sha256}`,
    'Checkpoint of the journal, to be kept:',
  ]
  return `${(language === 'fr' ? fr : en).join('\n')}\n\n${checkpoint.note}`
}
