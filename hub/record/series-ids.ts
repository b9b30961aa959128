/** Which number stands for a series in the file. */
import type { Point } from '../rules/points.ts'
import { TAGS } from '../rules/points.ts'
import type { Db } from './sql.ts'

export interface Sample {
  readonly series: number
  readonly at: number
  readonly nth: number
  readonly value: number
}

export class SeriesIds {
  readonly #known = new Map<string, number>()
  /** Of tags that are the same object each time, by field: readings, which are most of all points. */
  #byTags = new WeakMap<Point['tags'], Map<string, number>>()
  readonly #find
  readonly #add

  constructor(db: Db) {
    this.#find = db.prepare<[string, string, string], { id: number }>(
      'select id from series where measurement = ? and field = ? and tags = ?',
    )
    this.#add = db.prepare<[string, string, string]>('insert into series (measurement, field, tags) values (?, ?, ?)')
  }

  /** One for each field of each point. Within the caller's transaction: series that are new are written. */
  samplesOf(points: readonly Point[]): Sample[] {
    const samples: Sample[] = []
    for (const point of points)
      for (const field in point.fields) {
        const series = this.#seriesOf(point, field)
        samples.push({ series, at: point.at, nth: point.nth, value: point.fields[field] as number })
      }
    return samples
  }

  #seriesOf(point: Point, field: string): number {
    if (point.measurement !== 'reading') return this.#idOf(keyOf(point) + field, point, field)
    const ids = this.#byTags.get(point.tags) ?? new Map<string, number>()
    const known = ids.get(field)
    if (known !== undefined) return known
    const id = this.#idOf(keyOf(point) + field, point, field)
    this.#byTags.set(point.tags, ids.set(field, id))
    return id
  }

  /** After a transaction that came to nothing. */
  forget(): void {
    this.#known.clear()
    this.#byTags = new WeakMap()
  }

  #idOf(key: string, { measurement, tags }: Point, field: string): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const text = tagText(tags)
    const id =
      this.#find.get(measurement, field, text)?.id ?? Number(this.#add.run(measurement, field, text).lastInsertRowid)
    this.#known.set(key, id)
    return id
  }
}

function keyOf({ measurement, tags }: Point): string {
  let key: string = measurement
  for (const tag of TAGS) key += `\n${tags[tag] ?? ''}`
  return `${key}\n`
}

const tagText = (tags: Point['tags']): string =>
  JSON.stringify(Object.fromEntries(TAGS.flatMap(tag => (tags[tag] === undefined ? [] : [[tag, tags[tag]]]))))
