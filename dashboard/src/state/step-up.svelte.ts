/** A fresh proof of who is at the screen, asked for once however many requests wait for it. */
class StepUp {
  #answer: ((proved: boolean) => void) | undefined
  #asked: Promise<boolean> | undefined
  #open = $state(false)

  /** The dialog is to be shown. */
  get open(): boolean {
    return this.#open
  }
  /** Resolves with whether the proof was given. */
  readonly ask = (): Promise<boolean> => {
    this.#asked ??= new Promise(resolve => {
      this.#answer = resolve
    })
    this.#open = true
    return this.#asked
  }
  /** The dialog is over. A second answer changes nothing. */
  answer(proved: boolean): void {
    this.#open = false
    this.#asked = undefined
    this.#answer?.(proved)
    this.#answer = undefined
  }
}
export const stepUp = new StepUp()
