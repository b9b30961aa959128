import type { ExportFormat } from '../contract.ts'
import type { Field, Span } from '../journal-filter.ts'
import type { KindGroup } from '../kind-groups.ts'
import type { Outcome, Step } from '../proof.ts'

/** The journal page: searching, reading one row, proving it, taking it away. */
export interface JournalWords
  extends Record<
    | 'title'
    | 'tabs'
    | 'search'
    | 'mine'
    | 'mineNote'
    | 'mineEmpty'
    | 'label'
    | 'add'
    | 'addText'
    | 'filters'
    | 'clear'
    | 'span'
    | 'fromDay'
    | 'toDay'
    | 'anything'
    | 'kinds'
    | 'empty'
    | 'emptyFilter'
    | 'emptyNext'
    | 'older'
    | 'loading'
    | 'end'
    | 'failed'
    | 'refused'
    | 'rows'
    | 'time'
    | 'what'
    | 'where'
    | 'detail'
    | 'erased'
    | 'days'
    | 'dayTable'
    | 'day'
    | 'events'
    | 'perWeek'
    | 'row'
    | 'at'
    | 'erasedWhy'
    | 'erasedRow'
    | 'notLoaded'
    | 'noRow'
    | 'yes'
    | 'no'
    | 'fields'
    | 'copy'
    | 'copied',
    string
  > {
  readonly groups: Readonly<Record<KindGroup, string>>
  readonly field: Readonly<Record<Field, string>>
  readonly hint: Readonly<Partial<Record<Field, string>>>
  readonly spans: Readonly<Record<Span, string>>
  readonly origins: Readonly<Record<string, string>>
  /** Names of an event's fields. */
  readonly facts: Readonly<Record<string, string>>
  /** Words for values of fields that are codes. */
  readonly values: Readonly<Record<string, string>>
  /** Takes a criterion off. */
  remove(criterion: string): string
  /** `296 événements` */
  count(n: number): string
  /** `sur 1 408 depuis le 16/02` */
  of(n: number, since: string): string
  /** `16/02 : 42 événements` */
  onDay(day: string, n: number): string
  /** `100 lignes, 48 112 à 51 907` */
  shown(n: number): string
  upTo(n: number): string
  readonly proof: ProofWords
  readonly saved: SavedWords
  readonly exports: ExportWords
  readonly strip: StripWords
  readonly why: Record<'title' | 'reading' | 'none' | 'remade' | 'differs' | 'situation', string>
}
export interface ProofWords
  extends Record<
    | 'title'
    | 'verify'
    | 'verifying'
    | 'again'
    | 'intact'
    | 'broken'
    | 'partly'
    | 'unable'
    | 'means'
    | 'checkpoint'
    | 'hash'
    | 'previous'
    | 'key'
    | 'root',
    string
  > {
  readonly steps: Readonly<Record<Step, string>>
  readonly outcomes: Readonly<Record<Outcome, string>>
  thisRow(seq: string): string
  rowBefore(seq: string): string
  covered(rows: string, at: string): string
}
export interface SavedWords
  extends Record<
    'title' | 'empty' | 'name' | 'save' | 'saveNow' | 'rename' | 'remove' | 'cancel' | 'nothing' | 'failed',
    string
  > {
  removeOf(name: string): string
  renameOf(name: string): string
}
export interface ExportWords
  extends Record<
    | 'open'
    | 'title'
    | 'means'
    | 'format'
    | 'reason'
    | 'reasonHint'
    | 'reasonNeeded'
    | 'names'
    | 'bom'
    | 'language'
    | 'go'
    | 'going'
    | 'cancel'
    | 'close'
    | 'another'
    | 'download'
    | 'sha256'
    | 'checkpoint'
    | 'keeps'
    | 'failed'
    | 'evidence'
    | 'evidencePart',
    string
  > {
  readonly formats: Readonly<Record<ExportFormat, string>>
  readonly about: Readonly<Record<ExportFormat, string>>
  running(rows: string): string
  done(rows: string, size: string): string
}
export interface StripWords
  extends Record<'label' | 'checkpoint' | 'backup' | 'noBackup' | 'overdue' | 'storage', string> {
  signed(at: string, rows: string): string
  /** `12,4 Go sur 500 Go` */
  used(used: string, quota: string): string
}
