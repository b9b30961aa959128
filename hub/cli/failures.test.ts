import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallSite } from '../test/small-site.ts'
import { failureText } from './output.ts'

const CLI = join(import.meta.dirname, '../cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'vigie-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number
  readonly stderr: string
}

/** The real command, in a locale; `more` are further settings. */
function vigie(locale: string, args: readonly string[], more: Record<string, string> = {}): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: locale, VIGIE_DATA_DIR: join(folder, 'data'), ...more }
  return new Promise(resolve =>
    execFile(process.execPath, [CLI, ...args], { env }, (error, _, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    ),
  )
}
/** The real command into a real pipe, whose reader ends early. */
function piped(call: string, reader = 'true'): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', VIGIE_DATA_DIR: join(folder, 'data') }
  const both = call === 'nothing' ? '2>&1 ' : ''
  const script = `"$0" "$1" ${call} ${both}| ${reader} >/dev/null; exit "\${PIPESTATUS[0]}"`
  const child = spawn('bash', ['-c', script, process.execPath, CLI], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  return new Promise(resolve => child.on('close', code => resolve({ code: code ?? -1, stderr })))
}
const FRENCH = 'fr_FR.UTF-8'

/** Fails for want of a file, but begins the data folder that the other commands ask for. */
beforeAll(() => vigie('C', ['apply', join(folder, 'none.json')]))

describe('the vigie command tells a failure', () => {
  it('in French where the locale is French, in English elsewhere', async () => {
    const args = ['device', 'show', 'door-9']
    expect(await vigie(FRENCH, args)).toEqual({
      code: 1,
      stderr: 'vigie\u202f: Aucun appareil door-9. Pour en voir la liste\u202f: vigie device list\n',
    })
    expect(await vigie('C', args)).toEqual({
      code: 1,
      stderr: 'vigie: No device door-9. List them with: vigie device list\n',
    })
  })

  it.each([
    [['nothing'], 'cette commande n’existe pas. device add, ', 'no such command. device add, '],
    [['device', 'show'], 'nommez l’appareil', 'name the device'],
    [['plan'], 'nommez le fichier de site\u202f: ', 'name the site file: '],
    [['device', 'add', 'a'], '--model est obligatoire\u202f: ', '--model is required: '],
    [['journal', 'tail', '-n', 'x'], '--lines attend un nombre entier', '--lines takes a whole number'],
    [['device', 'list', '--colour'], 'l’option --colour n’existe pas', 'no option --colour'],
    [['device', 'list', '--json=1'], '--json n’attend pas de valeur', '--json takes no value'],
    [['journal', 'tail', '-n'], '--lines attend une valeur', '--lines needs a value'],
    [['device', 'add', 'a', '--model'], '--model attend une valeur', '--model needs a value'],
  ])('%j: a wrong call, with exit code 2 and in both languages', async (args, fr, en) => {
    const [french, english] = await Promise.all([vigie(FRENCH, args), vigie('en_GB.UTF-8', args)])
    expect(french).toEqual({ code: 2, stderr: expect.stringContaining(`vigie\u202f: ${fr}`) })
    expect(english).toEqual({ code: 2, stderr: expect.stringContaining(`vigie: ${en}`) })
  })

  it('as one object with --json: the code, the sentence and the details, all in the same language', async () => {
    const file = join(folder, 'missing.json')
    const { code, stderr } = await vigie(FRENCH, ['plan', file, '--json'])
    expect([code, JSON.parse(stderr)]).toEqual([
      1,
      {
        error: 'file-unreadable',
        message: `Lecture impossible de ${file}\u202f: il n’existe pas. Corrigez le chemin, ou les droits sur le fichier.`,
        file,
        cause: 'il n’existe pas',
      },
    ])
    const wrong = await vigie('C', ['nothing', '--json'])
    expect([wrong.code, JSON.parse(wrong.stderr)]).toMatchObject([2, { error: 'usage' }])
  })

  it('of a setting with what the setting takes', async () => {
    const more = { VIGIE_CERTIFICATE_DAYS: 'ninety' }
    const { stderr } = await vigie(FRENCH, ['device', 'list'], more)
    expect(stderr).toContain('VIGIE_CERTIFICATE_DAYS n’est pas valable\u202f: un nombre entier de 1 à 825 (jours).')
    expect((await vigie('C', ['device', 'list'], more)).stderr).toContain('a whole number from 1 to 825 (days).')
  })

  it('of a data folder without data, instead of beginning one and calling it untouched', async () => {
    const ended = await vigie('C', ['journal', 'verify'], { VIGIE_DATA_DIR: join(folder, 'mistyped') })
    expect(ended).toEqual({ code: 1, stderr: expect.stringContaining('No Vigie data in') })
    expect(existsSync(join(folder, 'mistyped'))).toBe(false)
  })

  it('of a data folder that is none, and of a site file with what stands wrong in it', async () => {
    const file = join(folder, 'site.json')
    writeFileSync(file, '{"version": 1')
    const { stderr } = await vigie(FRENCH, ['apply', file], { VIGIE_DATA_DIR: file })
    expect(stderr).toContain(`Écriture impossible dans ${file}\u202f: un fichier de ce nom est déjà là.`)
    expect((await vigie(FRENCH, ['plan', file])).stderr).toContain(
      'site.json:1:14\u202f: ce n’est pas du JSON\u202f: attendu\u202f: une virgule ou }. Rien n’a été changé.',
    )
  })

  it('that nobody foresaw as a failure of the table too, without a stack', () => {
    const odd = new TypeError('x is not a function')
    expect(failureText(odd, 'en', false)).toMatch(/^vigie: The command failed unexpectedly: x is not a function\. /)
    expect(JSON.parse(failureText(odd, 'fr', true))).toEqual({
      error: 'command-failed',
      cause: 'x is not a function',
      message: expect.stringContaining('imprévue\u202f: x is not a function. Signalez'),
    })
  })

  it('not at all where the reader of a pipe has read enough: quietly, and what was asked for is done', async () => {
    const site = join(folder, 'small.json')
    writeFileSync(site, JSON.stringify(smallSite()))
    for (const call of [`apply ${site}`, 'unused', 'journal tail -n 100', 'help', 'nothing'])
      expect([call, await piped(call)]).toEqual([call, { code: call === 'nothing' ? 2 : 0, stderr: '' }])
    expect(await vigie('C', ['item', 'show', 'zone', 'ward'])).toMatchObject({ code: 0 })
  })

  it('not at all either where a tail that follows can tell nobody any more', async () => {
    const following = piped('journal tail --follow', 'head -n 1')
    let ended = false
    void following.finally(() => {
      ended = true
    })
    while (!ended) await vigie('C', ['unused']) // each is a row of the journal
    expect(await following).toEqual({ code: 0, stderr: '' })
  }, 30_000)

  it('without handing control characters of its input to the terminal', async () => {
    const { stderr } = await vigie('C', ['plan', `${folder}/\u001b[2J.json`])
    expect(stderr).toContain('\ufffd[2J.json')
    expect(stderr).not.toContain('\u001b')
  })
})
