/** Secrets from the keyboard, without echo, or from standard input, line by line. Never from the arguments: they show in the list of processes. */
import { text } from 'node:stream/consumers'
import { wrongCall } from './acts.ts'

const ENTER = new Set(['\r', '\n', '\u0004'])
const ERASE = new Set(['\u007f', '\b'])
const INTERRUPT = '\u0003'

/**
 * One answer for each question, asked twice at a terminal. Where there is no terminal: one line each; a missing one is ''.
 * @throws VigieError usage where the two answers differ
 */
export async function askSecrets(
  questions: readonly { readonly ask: string; readonly again: string }[],
): Promise<string[]> {
  if (!process.stdin.isTTY) return linesOf(questions.length)
  const answers: string[] = []
  for (const { ask, again } of questions) {
    const answer = await askOne(ask)
    if (answer !== '' && (await askOne(again)) !== answer)
      throw wrongCall(
        'the two entries differ; nothing was changed',
        'les deux saisies diffèrent\u202f; rien n’a été changé',
      )
    answers.push(answer)
  }
  return answers
}

async function linesOf(count: number): Promise<string[]> {
  const lines = (await text(process.stdin)).split(/\r?\n/)
  return Array.from({ length: count }, (_, i) => lines[i] ?? '')
}

function askOne(question: string): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  return new Promise((resolve, reject) => {
    let answer = ''
    const done = (settle: () => void): void => {
      stdin.off('data', typed)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      settle()
    }
    const press = (key: string): void => {
      if (key === INTERRUPT)
        done(() => reject(wrongCall('interrupted; nothing was changed', 'interrompu\u202f; rien n’a été changé')))
      else if (ENTER.has(key)) done(() => resolve(answer))
      else answer = ERASE.has(key) ? answer.slice(0, -1) : answer + key
    }
    const typed = (keys: string): void => [...keys].forEach(press)
    stdin.on('data', typed)
  })
}
