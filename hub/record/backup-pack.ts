/** A backup as one stream (POSIX tar, manifest first), and back. Memory stays flat: files pass through in pieces. */
import { createHash } from 'node:crypto'
import { createReadStream, type ReadStream } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'
import { MANIFEST, type Manifest, mayHold, type PackedFile } from './backup-manifest.ts'

/** Where a file of the backup lies while it is packed. */
export interface Source {
  readonly name: string
  readonly path: string
}

/** Name, size and hash of each, in the order given. */
export async function described(sources: readonly Source[]): Promise<PackedFile[]> {
  const files: PackedFile[] = []
  for (const { name, path } of sources) files.push({ name, ...(await hashed(createReadStream(path))) })
  return files
}

async function hashed(stream: AsyncIterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of stream) {
    hash.update(piece)
    bytes += piece.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Regular files below a folder whose names a backup may hold; links are not followed. */
export async function filesBelow(root: string, under: string): Promise<Source[]> {
  const entries = await readdir(join(root, under), { withFileTypes: true }).catch(missingIsEmpty)
  const found: Source[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = `${under}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await filesBelow(root, name)))
    else if (entry.isFile() && mayHold(name)) found.push({ name, path: join(root, name) })
  }
  return found
}

function missingIsEmpty(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return []
  throw error
}

export const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    s => s.isFile(),
    () => false,
  )

/** @param sources in the order of the manifest's files */
export function packed(manifest: Manifest, sources: readonly Source[]): ReadableStream<Uint8Array> {
  const pack = tar.pack()
  const fill = async (): Promise<void> => {
    pack.entry({ name: MANIFEST, mode: 0o600 }, `${JSON.stringify(manifest, null, 2)}\n`)
    for (const [i, { name, path }] of sources.entries()) {
      const size = manifest.files[i]?.bytes ?? 0
      await pipeline(createReadStream(path), pack.entry({ name, size, mode: 0o600 }))
    }
    pack.finalize()
  }
  fill().catch((error: Error) => pack.destroy(error))
  return ReadableStream.from<Uint8Array>(pack as AsyncIterable<Uint8Array>)
}

export interface Unpacked {
  readonly name: string
  /** Of the tar format: `file`, `symlink`, ... */
  readonly type: string
  /** To be read to its end before the next. */
  readonly content: AsyncIterable<Uint8Array>
}

/** Entries as they come; the consumer reads each one's content. @throws what the stream or the tar format fails with */
export async function* entriesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Unpacked> {
  const extract = tar.extract()
  const source = Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0])
  const done = pipeline(source, extract)
  done.catch(error => extract.destroy(error as Error))
  for await (const entry of extract) {
    yield { name: entry.header.name, type: entry.header.type ?? 'file', content: entry as AsyncIterable<Uint8Array> }
    entry.resume()
  }
  await done
}

/** True if the stream holds this manifest and every file with its hash, and nothing else. */
export async function holds(stream: ReadableStream<Uint8Array>, manifest: Manifest): Promise<boolean> {
  const seen: PackedFile[] = []
  for await (const { name, content } of entriesOf(stream)) {
    const found = await hashed(content)
    if (name !== MANIFEST) seen.push({ name, ...found })
  }
  return JSON.stringify(seen) === JSON.stringify(manifest.files)
}

export const streamOf = (file: ReadStream): ReadableStream<Uint8Array> => ReadableStream.from<Uint8Array>(file)
