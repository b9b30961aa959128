import { describe, expect, it } from 'vitest'
import { DEMO_HELP, readDemoOptions } from './demo-options.ts'
import { SimFailure } from './failure.ts'
import { HELP, readOptions } from './options.ts'
import { SCENARIO_NAMES } from './scenarios/index.ts'

describe('the command line of the virtual hospital', () => {
  it('needs nothing but a folder of certificates', () => {
    expect(readOptions(['--certs', '/c'])).toEqual({
      do: 'run',
      options: {
        url: 'mqtts://127.0.0.1:8883',
        certsFolder: '/c',
        stateFolder: '/c/state',
        siteId: 'pres-hauts',
        seed: 1,
        speed: 1,
        devices: 40,
        faults: [],
        durationMs: undefined,
        quiet: false,
        json: false,
      },
    })
  })

  it('takes every option of its help page', () => {
    const args = [
      '--certs=/c',
      '--state=/s',
      '--url=mqtts://hub:1',
      '--site-id=a',
      '--seed=7',
      '--speed=0.5',
      '--devices=3',
      '--fault=drop',
      '--fault=delay:pir-t10:1',
      '--duration=2m',
      '--quiet',
      '--json',
    ]
    expect(readOptions(args)).toMatchObject({
      options: {
        stateFolder: '/s',
        seed: 7,
        speed: 0.5,
        devices: 3,
        faults: [{ kind: 'drop' }, { kind: 'delay', device: 'pir-t10' }],
        durationMs: 120_000,
      },
    })
    for (const option of args) expect(HELP).toContain(option.split('=')[0])
    expect(readOptions(['--help'])).toEqual({ do: 'help' })
    expect(readOptions(['--write-site', '/s.json'])).toEqual({ do: 'write-site', file: '/s.json' })
  })

  it('plays one scenario or all of them, on the data folder that is named, else of the environment', () => {
    const all = readOptions(['--certs', '/c', '--scenario', 'all', '--pause', '2', '--data', '/d'], '/e')
    expect(all).toMatchObject({ do: 'scenario', options: { dataFolder: '/d', pauseMs: 2_000, certsFolder: '/c' } })
    const one = readOptions(['--certs', '/c', '--scenario', 'duress'], '/e')
    expect(one).toMatchObject({ options: { dataFolder: '/e', pauseMs: 0, scenarios: [{ name: 'duress' }] } })
    for (const name of SCENARIO_NAMES) {
      expect(HELP).toContain(name)
      expect(DEMO_HELP).toContain(name)
    }
    expect(readDemoOptions(['--scenario', 'all']).scenarios).toHaveLength(9)
    expect(readDemoOptions([])).toEqual({ help: false, scenarios: undefined, pauseMs: 0 })
    expect(() => readDemoOptions(['--scenario', 'fire'])).toThrow(/^--scenario: one of break-glass, /)
  })

  it.each([
    ['--scenario', 'fire'],
    ['--url', 'mqtt://127.0.0.1:1883'],
    ['--url', 'nonsense'],
    ['--site-id', 'Prés Hauts'],
    ['--seed', '-1'],
    ['--seed', '1.5'],
    ['--speed', '0'],
    ['--speed', '1e3'],
    ['--speed', 'fast'],
    ['--devices', '0'],
    ['--devices', '41'],
    ['--fault', 'fire'],
    ['--fault', 'drop:all:7'],
    ['--duration', 'soon'],
    ['--duration', '0'],
    ['--certs', ''],
  ])('refuses %s %j and names the option in both languages', (option, value) => {
    const wrong = (): unknown => readOptions(['--certs=/c', `${option}=${value}`])
    expect(wrong).toThrow(SimFailure)
    expect(wrong).toThrow(new RegExp(`^${option}: .+`))
    try {
      wrong()
    } catch (error) {
      expect((error as SimFailure).fr).toMatch(new RegExp(`^${option}\\u202f: .+`))
    }
  })

  it.each([[['--bogus']], [['--speed']], [['word']], [['--certs', '/c', '--quiet=yes']]])(
    'refuses %j and points to --help',
    args => {
      expect(() => readOptions(args)).toThrow(/See --help/)
    },
  )
})
