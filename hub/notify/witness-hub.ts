/** Asks another hub to cosign: one request over HTTPS, with an end to its patience and to what it reads. */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { getCACertificates } from 'node:tls'

export interface HubAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

const PATIENCE_MS = 10_000
const MOST_CHARS = 16_384
const PATH = '/api/v1/witness/add-checkpoint'

/**
 * @param hub https://host:port
 * @param ca PEM file of the authorities its certificate may be from, read anew each time; empty: the system's
 * @throws Error in words of the system where there is no answer
 */
export async function addCheckpoint(hub: string, ca: string, body: string): Promise<HubAnswer> {
  const authorities = ca === '' ? getCACertificates('system') : await readFile(ca, 'utf8')
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(body) }
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const asked = request(
      new URL(PATH, hub),
      { method: 'POST', headers, ca: authorities, agent: false, minVersion: 'TLSv1.2', signal },
      answer => void read(answer).then(resolve, reject),
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

async function read(answer: IncomingMessage): Promise<HubAnswer> {
  let body = ''
  answer.setEncoding('utf8')
  for await (const chunk of answer) {
    body += String(chunk)
    if (body.length > MOST_CHARS) throw new Error('the answer is longer than a witness gives')
  }
  return { status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', body }
}
