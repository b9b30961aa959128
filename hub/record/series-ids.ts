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
    for (const point of points) {
      const place = keyOf(point)
      for (const field in point.fields) {
        const series = this.#idOf(place + field, point, field)
        samples.push({ series, at: point.at, nth: point.nth, value: point.fields[field] as number })
      }
    }
    return samples
  }

  /** After a transaction that came to nothing. */
  forget(): void {
    this.#known.clear()
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
