import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkPlace, PartFile, publish, sweep } from './export-files.ts'

let dir: string
const at = (name: string): string => join(dir, name)
const files = (): string[] => readdirSync(dir).sort()
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-part-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

function written(name: string): PartFile {
  const part = new PartFile(at(name))
  part.write('abc')
  part.finish()
  return part
}

describe('a file on its way', () => {
  it('has its name only when it is published, with its size and digest before', () => {
    const part = new PartFile(at('a.csv'))
    part.write('abc')
    const { bytes, sha256 } = part.finish()
    expect([bytes, sha256]).toEqual([3, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'])
    expect(files()).toEqual([expect.stringMatching(/^a\.csv\..*\.part$/)])
    publish([part], false)
    expect([files(), readFileSync(at('a.csv'), 'utf8')]).toEqual([['a.csv'], 'abc'])
  })

  it('takes no other file’s place, also of one that came meanwhile; then nothing of it stays', () => {
    const [beside, part] = [written('a.csv.checkpoint.txt'), written('a.csv')]
    writeFileSync(at('a.csv'), 'mine')
    expect(() => publish([beside, part], false)).toThrow(expect.objectContaining({ code: 'export-exists' }))
    expect([files(), readFileSync(at('a.csv'), 'utf8')]).toEqual([['a.csv'], 'mine'])
  })

  it('takes that of an earlier run where it is to', () => {
    writeFileSync(at('a.csv'), 'older')
    publish([written('a.csv')], true)
    expect([files(), readFileSync(at('a.csv'), 'utf8')]).toEqual([['a.csv'], 'abc'])
  })

  it('is left alone by a sweep while it is written; those of dead processes go, and those of other machines stay', () => {
    const mine = written('a.csv').part
    const [, machine = ''] = /\.([0-9a-f]{8})-\d+-/.exec(mine) ?? []
    writeFileSync(at(`b.csv.${machine}-99999999-00000000.part`), '')
    writeFileSync(at(`c.csv.${machine}-${process.pid}-00000000.part`), '')
    writeFileSync(at('d.csv.00000000-99999999-00000000.part'), '')
    writeFileSync(at('e.part'), '')
    sweep(dir)
    expect(files()).toEqual([mine.slice(dir.length + 1), 'd.csv.00000000-99999999-00000000.part', 'e.part'])
  })

  it('needs a folder, and a name that is free', () => {
    writeFileSync(at('a.csv'), '')
    const code = (file: string, replace = false) => {
      try {
        checkPlace(file, replace)
        return 'good'
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect([code(at('b.csv')), code(at('a.csv')), code(at('a.csv'), true)]).toEqual(['good', 'export-exists', 'good'])
    expect([code(at('none/b.csv')), code(at('a.csv/b.csv'))]).toEqual(['export-unwritable', 'export-unwritable'])
  })
})
