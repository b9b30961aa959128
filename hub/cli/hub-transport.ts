/** Bytes to a hub and back: a Unix socket, or TLS. No redirect is followed, and nothing is asked for that was not meant. */
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { causeOf, isVigieError, VigieError } from '../errors.ts'

/** Where a hub is, and what is shown at its door. */
export interface HubPlace {
  /** As people know it: an address, or the socket's file. */
  readonly name: string
  readonly secure: boolean
  readonly options: RequestOptions & { readonly ca?: string }
  readonly headers: Readonly<Record<string, string>>
}
export interface Request {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Until the answer is there, milliseconds. */
  readonly patienceMs: number
}
export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** @throws VigieError hub-unreachable, hub-silent, hub-cut-off */
export async function send(place: HubPlace, request: Request): Promise<Answer> {
  const patience = AbortSignal.timeout(request.patienceMs)
  try {
    const answer = await begin(place, request, patience)
    const body = await textOf(answer)
    return { status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', body }
  } catch (error) {
    if (!patience.aborted || isVigieError(error)) throw failureAt(place, error)
    throw new VigieError('hub-silent', { hub: place.name, seconds: Math.round(request.patienceMs / 1000) })
  }
}

/** @returns the answer once its headers are there; its body is still to be read */
export function begin(
  { secure, options }: HubPlace,
  { method, target, headers, body }: Request,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const start = secure ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = start({
      ...{ ...options, method, path: target, signal, agent: false },
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    })
    let connected = false
    sent.on('socket', socket =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true
      }),
    )
    sent.on('error', error => reject(connected && !signal.aborted ? new Lost(error) : error))
    sent.on('response', resolve)
    sent.end(body)
  })
}

/** It was lost after it stood: what was asked for may have been done. */
class Lost extends Error {
  constructor(cause: unknown) {
    super(causeOf(cause), { cause })
  }
}
export const lost = (error: unknown): boolean => isVigieError(error) && error.code === 'hub-cut-off'

export function failureAt({ name: hub }: HubPlace, error: unknown): unknown {
  if (isVigieError(error)) return error
  if (error instanceof Lost) return new VigieError('hub-cut-off', { hub }, { cause: error })
  return new VigieError('hub-unreachable', { hub, cause: causeOf(error) }, { cause: error })
}

async function textOf(answer: IncomingMessage): Promise<string> {
  answer.setEncoding('utf8')
  let text = ''
  try {
    for await (const part of answer) text += part as string
  } catch (error) {
    throw new Lost(error)
  }
  return text
}
