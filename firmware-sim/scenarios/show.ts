/** Scenarios on a screen, in both languages, or as one JSON object a line. */
import type { Audience, Result } from './player.ts'

export function onScreen(write: (text: string) => void): Audience {
  let number = 0
  return {
    begins: ({ name, title }, cast) => {
      number = 0
      const names = [...cast].map(([part, { name: who }]) => `${part} ${who}`).join(', ')
      write(`\n── ${name} · ${title.fr} / ${title.en}\n   ${names}\n\n`)
    },
    played: result => {
      number += 1
      write(linesOf(result, number))
    },
    ends: ({ name, steps }, differing) =>
      write(
        differing === 0
          ? `\n   ${name}\u202f: ${steps.length} étapes comme attendu. / ${steps.length} steps as expected.\n`
          : `\n   ${name}\u202f: ${differing} étape(s) sur ${steps.length} autrement qu’attendu. / ${differing} of ${steps.length} step(s) not as expected.\n`,
      ),
  }
}

function linesOf({ step, expected, seen, right, call }: Result, number: number): string {
  const command = call ? `      $ ${call}\n` : ''
  const verdict = right ? `${seen}  ✓` : `${seen}  ✗`
  return `  ${String(number).padStart(2)}  ${step.fr}\n      ${step.en}\n${command}      attendu / expected  ${expected}\n      vu / seen           ${verdict}\n`
}

export function asJson(write: (text: string) => void): Audience {
  let playing = ''
  const line = (value: object): void => write(`${JSON.stringify(value)}\n`)
  return {
    begins: ({ name }) => {
      playing = name
    },
    played: ({ step: { fr, en, do: kind }, ...rest }) => line({ scenario: playing, step: kind, fr, en, ...rest }),
    ends: ({ name, steps }, differing) => line({ scenario: name, steps: steps.length, differing }),
  }
}
