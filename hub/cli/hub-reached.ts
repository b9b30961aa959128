/** Which hub the command line speaks to: the one that VIGIE_HUB names, else the one that runs on this data folder, else none. */
import { readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import { LOCAL_SOCKET, USER_HEADER } from '../http/local-door.ts'
import type { HubPlace } from './hub-transport.ts'

/** Of a hub on another machine. @throws VigieError hub-token-missing, file-unreadable, data-permissions */
export function hubAfar({ hub, tokenFile, ca }: Pick<Config, 'hub' | 'tokenFile' | 'ca'>): HubPlace {
  if (tokenFile === '') throw new VigieError('hub-token-missing')
  const { protocol, hostname, port } = new URL(hub)
  const secure = protocol === 'https:'
  return {
    name: hub,
    secure,
    options: {
      host: hostname.replace(/^\[|\]$/g, ''),
      ...(port !== '' && { port }),
      ...(secure && ca !== '' && { ca: read(ca) }),
    },
    headers: { authorization: `Bearer ${tokenIn(tokenFile)}` },
  }
}

/** The hub that runs on this data folder; undefined where none does that could be spoken to. */
export async function hubHere({ dataDir }: Pick<Config, 'dataDir'>): Promise<HubPlace | undefined> {
  const socketPath = join(dataDir, LOCAL_SOCKET)
  if (!(await answers(socketPath))) return undefined
  return {
    name: socketPath,
    secure: false,
    options: { socketPath },
    headers: { host: 'localhost', [USER_HEADER]: encodeURIComponent(userInfo().username) },
  }
}

/** A socket that a killed hub left behind is there, and nobody listens. */
function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ path })
    const done = (there: boolean): void => {
      socket.destroy()
      resolve(there)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}

/** Only its owner may read it: it opens what its maker may do. */
function tokenIn(file: string): string {
  const text = read(file).trim()
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    throw new VigieError('data-permissions', { file })
  if (!/^vigie_[A-Za-z0-9_-]{20,100}$/.test(text)) throw new VigieError('hub-token-missing')
  return text
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new VigieError('file-unreadable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
}
