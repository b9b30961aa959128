/**
 * What somebody would find who has a data folder and its key: every page of every database in it, decrypted by hand, free
 * ones too, and of the write-ahead logs; every other file as it is.
 *
 * SQLCipher 4: the key encrypts each page of 4,096 bytes with AES-256-CBC; its last 80 bytes are the IV (16) and an HMAC
 * (64). The first 16 bytes of page 1 are the salt, in clear.
 */
import { createDecipheriv } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const PAGE = 4_096
const RESERVED = 80
const WAL_HEADER = 32
const FRAME_HEADER = 24

export interface Found {
  readonly file: string
  readonly text: string
  /** Of a database: number of the page, from 1, or of the frame of its log. */
  readonly page?: number
}

/** @param key 64 hexadecimal digits */
export function scan(folder: string, key: string, texts: readonly string[]): Found[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(e => e.isFile())
    .flatMap(e => {
      const path = join(e.parentPath, e.name)
      if (e.name.endsWith('.db')) return pagesOf(path, key).flatMap((page, i) => foundIn(path, page, texts, i + 1))
      if (e.name.endsWith('.db-wal')) return framesOf(path, key).flatMap((page, i) => foundIn(path, page, texts, i + 1))
      return foundIn(path, readFileSync(path), texts)
    })
}

const foundIn = (file: string, bytes: Buffer, texts: readonly string[], page?: number): Found[] =>
  texts.filter(t => bytes.includes(t)).map(text => ({ file, text, ...(page !== undefined && { page }) }))

export function pagesOf(file: string, key: string): Buffer[] {
  if (!existsSync(file)) return []
  const bytes = readFileSync(file)
  return Array.from({ length: Math.floor(bytes.length / PAGE) }, (_, i) =>
    decrypted(bytes.subarray(i * PAGE, (i + 1) * PAGE), i === 0, key),
  )
}

function framesOf(file: string, key: string): Buffer[] {
  const bytes = readFileSync(file)
  const frames: Buffer[] = []
  for (let at = WAL_HEADER; at + FRAME_HEADER + PAGE <= bytes.length; at += FRAME_HEADER + PAGE) {
    const first = bytes.readUInt32BE(at) === 1
    frames.push(decrypted(bytes.subarray(at + FRAME_HEADER, at + FRAME_HEADER + PAGE), first, key))
  }
  return frames
}

function decrypted(page: Buffer, first: boolean, key: string): Buffer {
  const iv = page.subarray(PAGE - RESERVED, PAGE - RESERVED + 16)
  const decipher = createDecipheriv('aes-256-cbc', Buffer.from(key, 'hex'), iv).setAutoPadding(false)
  return Buffer.concat([decipher.update(page.subarray(first ? 16 : 0, PAGE - RESERVED)), decipher.final()])
}
