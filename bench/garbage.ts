/**
 * Makes another Node process collect its garbage, so that resident memory is what it holds and not what it has not thrown
 * away yet. SIGUSR1 opens Node's inspector; the process must run with --inspect-port=127.0.0.1:0.
 */
import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'

const LIMIT_MS = 10_000
const urls = new WeakMap<object, Promise<string>>()

/** @throws Error if the inspector does not answer in time */
export async function collectGarbage(child: ChildProcessByStdio<null, Readable, Readable>): Promise<void> {
  const url = urls.get(child) ?? openInspector(child)
  urls.set(child, url)
  await command(await url, 'HeapProfiler.collectGarbage')
}

function openInspector(child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the inspector did not open')), LIMIT_MS)
    let said = ''
    const read = (chunk: Buffer): void => {
      said += chunk
      const url = /listening on (ws:\S+)/.exec(said)?.[1]
      if (url === undefined) return
      clearTimeout(late)
      child.stderr.off('data', read)
      resolve(url)
    }
    child.stderr.on('data', read)
    child.kill('SIGUSR1')
  })
}

async function command(url: string, method: string): Promise<void> {
  const socket = new WebSocket(url)
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the inspector did not answer')), LIMIT_MS)
      socket.onopen = () => socket.send(JSON.stringify({ id: 1, method }))
      socket.onerror = () => reject(new Error('the inspector refused'))
      socket.onmessage = () => {
        clearTimeout(late)
        resolve()
      }
    })
  } finally {
    socket.close()
  }
}
