/**
 * A file on its way: written under a name of its own that ends in `.part`, on disk before it gets its name, and nothing is
 * left of one that fails. What a process that was killed left behind is removed by the next export into the same folder.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import type { WrittenExport } from '../flows/journal-exported.ts'

type Parts = WrittenExport['parts']
const CHUNK = 256 * 1024
/** Bytes of a character in UTF-8, at most. */
const LONGEST_CHARACTER = 4
const utf8 = new TextEncoder()
/** A part says on which machine and by which process it is written: of another machine nobody here knows whether it lives. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const PART = /\.([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{8}\.part$/
const writing = new Set<string>()

export class PartFile {
  readonly file: string
  readonly part: string
  readonly #fd: number
  readonly #hash = createHash('sha256')
  /** Filled again and again: neither text nor bytes pile up on their way to the disk. */
  readonly #chunk = Buffer.allocUnsafe(CHUNK)
  #size = 0
  #bytes = 0
  #open = true

  /** @param file the name it shall have @throws VigieError export-unwritable */
  constructor(file: string) {
    this.file = file
    this.part = `${file}.${MACHINE}-${process.pid}-${randomBytes(4).toString('hex')}.part`
    this.#fd = written(file, () => openSync(this.part, 'wx', 0o600))
    writing.add(this.part)
  }

  /** @throws VigieError export-unwritable, and then nothing is left */
  write(chunk: Uint8Array | string): void {
    if (typeof chunk === 'string') this.#text(chunk)
    else this.#copy(chunk)
  }

  #text(text: string): void {
    for (let rest = text; rest !== ''; ) {
      if (CHUNK - this.#size < LONGEST_CHARACTER) this.#flush()
      const { read, written: bytes } = utf8.encodeInto(rest, this.#chunk.subarray(this.#size))
      this.#size += bytes
      rest = rest.slice(read)
    }
  }

  #copy(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      if (this.#size === CHUNK) this.#flush()
      const part = bytes.subarray(done, done + CHUNK - this.#size)
      this.#chunk.set(part, this.#size)
      this.#size += part.length
      done += part.length
    }
  }

  /** On disk when it returns. @throws VigieError export-unwritable, and then nothing is left */
  finish(): { readonly bytes: number; readonly sha256: string } {
    this.#flush()
    this.#guarded(() => fsyncSync(this.#fd))
    this.#close()
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  discard(): void {
    if (this.#open) this.#close()
    discard([this])
  }

  #flush(): void {
    const bytes = this.#chunk.subarray(0, this.#size)
    this.#size = 0
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    this.#guarded(() => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done)
    })
  }

  #guarded(work: () => void): void {
    try {
      written(this.file, work)
    } catch (error) {
      this.discard()
      throw error
    }
  }

  #close(): void {
    this.#open = false
    closeSync(this.#fd)
  }
}

/** @throws VigieError export-unwritable */
function written<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new VigieError('export-unwritable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
}

/** @throws VigieError export-exists, export-unwritable; then none of them is there under its name, unless it was before */
export function publish(parts: Parts, replace: boolean): void {
  const done: string[] = []
  try {
    for (const { part, file } of parts) {
      named(part, file, replace)
      done.push(file)
      writing.delete(part)
    }
    const folder = dirname(parts[0]?.file ?? '.')
    written(folder, () => syncFolder(folder))
  } catch (error) {
    for (const file of done) rmSync(file, { force: true })
    discard(parts)
    throw error
  }
}

/** Not every file system has links; where it has, no other file can slip in between. */
function named(part: string, file: string, replace: boolean): void {
  try {
    if (replace) renameSync(part, file)
    else {
      linkSync(part, file)
      rmSync(part, { force: true })
    }
  } catch (error) {
    if (!replace && existsSync(file)) throw new VigieError('export-exists', { file }, { cause: error })
    written(file, () => renameSync(part, file))
  }
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

export function discard(parts: Parts): void {
  for (const { part } of parts) {
    rmSync(part, { force: true })
    writing.delete(part)
  }
}

/** @throws VigieError export-exists; export-unwritable where there is no folder for it, or none to write to */
export function checkPlace(file: string, replace: boolean): void {
  if (!replace && existsSync(file)) throw new VigieError('export-exists', { file })
  const folder = dirname(file)
  written(folder, () => {
    if (statSync(folder).isDirectory()) accessSync(folder, constants.W_OK)
    else throw Object.assign(new Error(`${basename(folder)} is no folder`), { code: 'ENOTDIR' })
  })
}

/** Removes what processes of this machine that are gone have left in the folder. */
export function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, machine, pid] = PART.exec(name) ?? []
    if (machine !== MACHINE || writing.has(join(folder, name)) || isRunning(Number(pid))) continue
    rmSync(join(folder, name), { force: true })
  }
}

/** Of this process's own number are those of an earlier one: its present ones are known. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
