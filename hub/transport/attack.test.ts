import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectBytes, GOODBYE, lengthBytes, PING, publishBytes, subscribeBytes } from './testing/bytes.ts'
import { TestAuthority } from './testing/certificates.ts'
import type { Start } from './testing/child.ts'
import { DEADLINE_MS, within } from './testing/deadline.ts'
import { RawDevice } from './testing/raw.ts'

const AUTHORITY = new TestAuthority()
const MIB = 1024 * 1024
/** Over loopback the kernel holds several MiB for a reader that has stopped; only what is behind it reaches a broker. */
const FILLING = Buffer.concat(Array.from({ length: 256 }, () => publishBytes('a', Buffer.alloc(60_000))))
const TINY = Buffer.concat(Array.from({ length: 60_000 }, () => publishBytes('a', '')))

class Victim {
  readonly process: ChildProcess
  port = 0
  readonly exited: Promise<number | null>
  stderr = ''

  private constructor() {
    this.process = fork(new URL('./testing/child.ts', import.meta.url), { silent: true, execArgv: [] })
    this.exited = new Promise(done => this.process.once('exit', done))
    this.process.stderr?.on('data', (text: Buffer) => {
      this.stderr += text.toString()
    })
  }

  static async start(kind: Start['kind']): Promise<Victim> {
    const victim = new Victim()
    onTestFinished(() => void victim.process.kill('SIGKILL'))
    const { key, cert } = AUTHORITY.issue('vigie')
    const tls = { key, cert, ca: AUTHORITY.cert, crl: kind === 'vigie' ? AUTHORITY.crl([]) : '' }
    victim.process.send({ kind, tls } satisfies Start)
    const [{ port }] = (await within(once(victim.process, 'message'), 'child ready')) as [{ port: number }]
    victim.port = port
    return victim
  }

  async memoryBytes(): Promise<number> {
    this.process.send('memory')
    const [{ memoryBytes }] = (await within(once(this.process, 'message'), 'memory')) as [{ memoryBytes: number }]
    return memoryBytes
  }

  async dial(id: string): Promise<RawDevice> {
    const certificate = AUTHORITY.issue(id)
    const device = await RawDevice.dial({ port: this.port, ca: AUTHORITY.cert, certificate })
    onTestFinished(() => device.destroy())
    return device
  }

  async device(id: string): Promise<RawDevice> {
    const device = await this.dial(id)
    device.send(connectBytes({ clientId: id }))
    expect(await device.next()).toEqual(Buffer.of(0x20, 2, 0, 0))
    return device
  }
}

/** One subscribes and stops reading, one publishes until the broker takes no more, then the first one drops. */
async function twoClientAttack(victim: Victim): Promise<void> {
  const frozen = await victim.device('frozen')
  frozen.send(subscribeBytes(1, 'a'))
  await frozen.next()
  frozen.socket.pause()
  const publisher = await victim.device('publisher')
  publisher.socket.write(FILLING)
  publisher.socket.write(TINY)
  await Promise.race([stalled(publisher), publisher.closed])
  frozen.destroy()
}

/** Resolves when nothing more has left the socket for a second. */
async function stalled(device: RawDevice): Promise<void> {
  let [left, still] = [device.socket.writableLength, 0]
  while (still < 10 && !device.isClosed) {
    await new Promise(done => setTimeout(done, 100))
    still = device.socket.writableLength === left ? still + 1 : 0
    left = device.socket.writableLength
  }
}

describe('two ordinary clients, one frozen and one publishing', () => {
  it('kill a bare aedes', async () => {
    const victim = await Victim.start('bare')
    await twoClientAttack(victim)
    expect(await within(victim.exited, 'death', DEADLINE_MS)).not.toBe(0)
    expect(victim.stderr).toContain('RangeError: Maximum call stack size exceeded')
  })

  it('do not kill Vigie: the filter is refused, the publisher is closed, and a third device is served', async () => {
    const victim = await Victim.start('vigie')
    const third = await victim.device('third')
    await twoClientAttack(victim)
    third.send(PING)
    expect(await third.next()).toEqual(Buffer.of(0xd0, 0))
    third.send(publishBytes('vigie/v1/field-7/third/up/badge', '{}', { qos: 1, messageId: 9 }))
    expect(await third.next()).toEqual(Buffer.of(0x40, 2, 0, 9))
    third.send(GOODBYE)
    expect(victim.process.exitCode).toBeNull()
  })

  it('do not kill Vigie on topics of their own either', async () => {
    const victim = await Victim.start('vigie')
    const third = await victim.device('third')
    const frozen = await victim.device('frozen')
    frozen.send(subscribeBytes(1, 'vigie/v1/field-7/frozen/down/#'))
    await frozen.next()
    frozen.socket.pause()
    const own = publishBytes('vigie/v1/field-7/frozen/up/badge', '', { qos: 1 })
    frozen.socket.write(Buffer.concat(Array.from({ length: 60_000 }, () => own)))
    await Promise.race([stalled(frozen), frozen.closed])
    third.send(PING)
    expect(await third.next()).toEqual(Buffer.of(0xd0, 0))
    frozen.destroy()
    third.send(PING)
    expect(await third.next()).toEqual(Buffer.of(0xd0, 0))
    expect(victim.process.exitCode).toBeNull()
  })
})

/** Eight sockets, each announcing 256 MiB before CONNECT and sending 24 MiB of it. @returns how much the process grew */
async function announce(victim: Victim): Promise<number> {
  const before = await victim.memoryBytes()
  const bytes = Buffer.alloc(24 * MIB)
  const devices = await Promise.all(Array.from({ length: 8 }, (_, i) => victim.dial(`door-${i}`)))
  for (const device of devices) {
    device.send(Buffer.concat([Buffer.of(0x10), lengthBytes(268_435_455)]))
    device.socket.write(bytes)
  }
  await Promise.all(devices.map(device => Promise.race([device.closed, drained(device)])))
  return (await victim.memoryBytes()) - before
}

const drained = (device: RawDevice): Promise<void> => new Promise(done => device.socket.once('drain', done))

describe('eight sockets with 24 MiB each behind a header of 256 MiB', () => {
  it('fill the memory of a bare aedes', async () => {
    expect(await announce(await Victim.start('bare'))).toBeGreaterThan(100 * MIB)
  })

  it('leave that of Vigie flat', async () => {
    expect(await announce(await Victim.start('vigie'))).toBeLessThan(48 * MIB)
  })
})
