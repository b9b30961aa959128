import { readdirSync, readFileSync } from 'node:fs'
import { platform } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Stage } from '../test/stage.ts'
import { searchThread } from './search-thread.ts'

let stage: Stage
let thread: ReturnType<typeof searchThread>
beforeAll(async () => {
  stage = await Stage.open()
  thread = searchThread(stage.folder)
})
afterAll(async () => {
  await thread.stop()
  await stage.close()
})

/** Of each thread of this process: proc(5), field 19, counted after the name in brackets. */
const niceness = (): number[] =>
  readdirSync('/proc/self/task').map(id => {
    const [, after = ''] = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ')
    return Number(after.split(' ')[16])
  })

it.runIf(platform() === 'linux')('long work gives way to the doors, and nothing else is slowed', async () => {
  expect(niceness()).not.toContain(10)
  await thread.call('catchUp', undefined)
  expect(niceness().filter(nice => nice === 10)).toHaveLength(1)
})
