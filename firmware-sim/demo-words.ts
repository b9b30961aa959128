/** What the demo says on the screen, in both languages. */
export const say = (...lines: string[]): boolean =>
  process.stdout.write(`${lines.map(l => `  ${l}`.trimEnd()).join('\n')}\n`)

interface Welcome {
  readonly httpPort: number
  readonly data: string
  /** The one-time link, on a first start. */
  readonly setupUrl: string | undefined
  /** Hospital seconds per real second; undefined while scenarios are played. */
  readonly speed: number | undefined
}

export function welcome({ httpPort, data, setupUrl, speed }: Welcome): void {
  const setup = setupUrl
    ? [
        '',
        'Premier démarrage\u202f: créez le compte administrateur avec ce lien, valable une seule fois.',
        'First start: create the administrator with this link. It works once.',
        '',
        `    ${setupUrl}`,
      ]
    : []
  say(
    '',
    'Vigie · Hôpital de campagne des Prés-Hauts',
    '',
    `Ouvrir / Open    http://localhost:${httpPort}/`,
    ...setup,
    '',
    ...(speed === undefined ? [] : [`Temps × ${speed} / Time × ${speed}`]),
    `Données / Data   ${data}`,
    'Ctrl-C arrête tout. / Ctrl-C stops everything.',
    '',
  )
}
