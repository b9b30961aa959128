import { describe, expect, it } from 'vitest'
import { SimFailure } from './failure.ts'
import { HELP, readOptions } from './options.ts'

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

  it.each([
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
