/** Something the person at the keyboard can put right, in both languages. */
export class SimFailure extends Error {
  readonly fr: string

  constructor(en: string, fr: string) {
    super(en)
    this.name = 'SimFailure'
    this.fr = fr
  }
}

/** Two lines for the screen, whatever was thrown. */
export function describe(error: unknown): string {
  if (error instanceof SimFailure) return `${error.message}\n${error.fr}`
  return error instanceof Error ? error.message : String(error)
}
