/** The hub's time, ticking on the second. Before the hub has spoken it is this machine's. */
export class Clock {
  #now = $state(Date.now())
  #offsetMs = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  get now(): number {
    return this.#now
  }
  /** The hub just said what time it is. */
  set(hubNow: number): void {
    this.#offsetMs = hubNow - Date.now()
    if (Math.abs(hubNow - this.#now) > 1000) this.#now = hubNow // another time than this machine's: shown at once
  }
  /** Not a state: for stamping something that happens now. */
  read(): number {
    return Date.now() + this.#offsetMs
  }
  start(): void {
    this.#now = this.read()
    this.#timer = setTimeout(() => this.start(), 1000 - (this.#now % 1000))
  }
  stop(): void {
    clearTimeout(this.#timer)
  }
}
