/** The file of the search index. */
import { join } from 'node:path'
import type { DataFolder } from './database.ts'
import { type DerivedFile, openDerived } from './derived-file.ts'

/** Rises with every change of what is indexed, or how: another one's file is made anew. */
export const INDEX_VERSION = '1'

export const searchFile = (dir: string): string => join(dir, 'search.db')

/**
 * `term.rows`: how many rows have it; one that nobody has is deleted, so that no word outlives its last row. `entry.terms`:
 * JSON, ids: how a row is forgotten. `span`: the earliest and latest time in each stretch of SPAN_ROWS rows, because the
 * journal is in the order of writing and not of its times.
 */
const TABLES = `
  create table if not exists term
    (id integer primary key, field text not null, value text not null, rows integer not null, unique (field, value));
  create table if not exists posting
    (term integer not null, seq integer not null, at integer not null, primary key (term, seq)) without rowid;
  create table if not exists entry (seq integer primary key, terms text not null);
  create table if not exists span (slice integer primary key, earliest integer not null, latest integer not null);
  create table if not exists meta (key text primary key, value text not null) without rowid;
`
export const SPAN_ROWS = 1_024

export const openSearchFile = ({ dir, key }: DataFolder): DerivedFile =>
  openDerived({ file: searchFile(dir), key, tables: TABLES })
