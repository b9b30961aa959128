/** The file of the time series: the embedded store, and how far each outside one has come. */
import { join } from 'node:path'
import type { DataFolder } from './database.ts'
import { type DerivedFile, type DerivedOptions, openDerived } from './derived-file.ts'

/** Rises with every change of what a point is: another one's file is put aside and begun anew. */
export const SERIES_VERSION = '1'

export const seriesFile = (dir: string): string => join(dir, 'series.db')

const TIER = `(series integer not null, at integer not null, n integer not null, sum real not null, min real not null,
  max real not null, last real not null, last_at real not null, primary key (series, at)) without rowid`

/**
 * One series is one field of one measurement at one set of tags (JSON, in the order of TAGS). `raw.at` ms since 1970 and `nth`
 * below it; `minute`, `hour`, `day`: `at` their beginning, a day that of the site's calendar. `sink`: how far an outside store
 * has come; `settled`: the hour up to which what it was sent was compared with what there is. `sent`: what it was sent of
 * each series and hour since. `aside`: points that it does not take, and why.
 */
const TABLES = `
  create table if not exists series
    (id integer primary key, measurement text not null, field text not null, tags text not null,
     unique (measurement, field, tags));
  create table if not exists raw
    (series integer not null, at integer not null, nth integer not null, value real not null,
     primary key (series, at, nth)) without rowid;
  create table if not exists minute ${TIER};
  create table if not exists hour ${TIER};
  create table if not exists day ${TIER};
  create table if not exists sink
    (name text primary key, seq integer not null, hash text not null, settled integer not null) without rowid;
  create table if not exists sent
    (sink text not null, series integer not null, hour integer not null, n integer not null, sum real not null,
     primary key (sink, series, hour)) without rowid;
  create table if not exists aside
    (id integer primary key, sink text not null, at integer not null, reason text not null, points integer not null,
     sample text not null);
  create table if not exists meta (key text primary key, value text not null) without rowid;
`
export const seriesOptions = ({ dir, key }: DataFolder): DerivedOptions => ({
  file: seriesFile(dir),
  key,
  tables: TABLES,
  aside: '.damaged',
})

export const openSeriesFile = (folder: DataFolder): DerivedFile => openDerived(seriesOptions(folder))
