import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DeviceEnrolled } from '../flows/device-enrolled.ts'
import { openAuthority } from '../pki/authority.ts'
import { hashCode } from '../pki/code.ts'
import { certificates } from '../record/devices.ts'
import { NOON, Stage } from '../test/stage.ts'
import { enrolmentPorts, type PerformOp } from './enrolment.ts'

const run = promisify(execFile)
let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply()
})
afterEach(() => stage.close())

async function enrolment(op: PerformOp) {
  const now = () => NOON
  const authority = await openAuthority(join(stage.folder.dir, 'pki'), { now })
  const config = { certificateDays: 90, certificateSeconds: 0 }
  return new DeviceEnrolled(enrolmentPorts({ db: stage.db, op, authority, config, now }))
}

async function request(device: string): Promise<Buffer> {
  const file = join(stage.folder.dir, 'csr.der')
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${file}.key`]
  await run('openssl', ['req', '-new', ...key, '-subj', `/CN=${device}`, '-outform', 'DER', '-out', file])
  return readFile(file)
}

const perform: PerformOp = (name, args) => stage.journal.op(name, args)
const live = (): string[] => certificates(stage.db, 'door-1').flatMap(c => (c.revokedAt === null ? [c.serial] : []))

it('a key of the old hardware does not outlive it: renewing while new hardware enrols gets no certificate', async () => {
  const flow = await enrolment(perform)
  const [old, csr] = [await flow.provide('door-1', 'device.enrolled'), await request('door-1')]
  expect((await flow.reenrol(old.serial, 'door-1', csr)).device).toBe('door-1')

  stage.op('addCode', { at: NOON, device: 'door-1', hash: hashCode('door-1', 'CODE-1234'), expiresAt: NOON + 1 })
  let fresh = ''
  const raced = await enrolment(async (name, args) => {
    fresh = (await flow.enrol('door-1', 'CODE-1234', csr)).serial // between the check and the commit
    return perform(name, args)
  })
  await expect(raced.reenrol(old.serial, 'door-1', csr)).rejects.toMatchObject({ code: 'client-certificate-required' })
  expect(live()).toEqual([fresh])
})

it('a device that renews in a loop is told when it may again, whichever of its certificates it shows', async () => {
  const flow = await enrolment(perform)
  const [first, csr] = [await flow.provide('door-1', 'device.enrolled'), await request('door-1')]
  let serial = first.serial
  for (let i = 0; i < 3; i++) serial = (await flow.reenrol(serial, 'door-1', csr)).serial
  const rows = stage.rows().length
  for (const shown of [serial, first.serial])
    await expect(flow.reenrol(shown, 'door-1', csr)).rejects.toMatchObject({
      code: 'renewal-too-early',
      message: expect.stringContaining('from 2026-08-09T08:00:00Z'),
    })
  expect(live()).toHaveLength(4)
  expect(stage.rows()).toHaveLength(rows)
})
