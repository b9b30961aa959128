/** A browser that goes from site to site: follows redirects, and keeps each site's cookies. Strict ones come only from there. */
import { boundedFetch } from '../bounded-fetch.ts'

interface Kept {
  readonly value: string
  readonly strict: boolean
}

export class Wanderer {
  readonly #fetch: ReturnType<typeof boundedFetch>
  readonly #jars = new Map<string, Map<string, Kept>>()

  constructor(ca: string) {
    this.#fetch = boundedFetch({ ca, timeoutMs: 20_000 })
  }

  cookies(origin: string, fromElsewhere = false): string {
    const jar = [...(this.#jars.get(origin) ?? [])]
    return jar
      .filter(([, { strict }]) => !(strict && fromElsewhere))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }
  /** Puts a cookie of another browser in the place of this one's. */
  take(origin: string, name: string, value: string): void {
    this.#jar(origin).set(name, { value, strict: false })
  }
  forget(origin: string): void {
    this.#jars.delete(origin)
  }
  cookie(origin: string, name: string): string | undefined {
    return this.#jars.get(origin)?.get(name)?.value
  }

  /** One request, and no further. @param from the site that led here, if another */
  async step(url: string, from?: string, init: { method?: string; body?: string } = {}): Promise<Response> {
    const { origin } = new URL(url)
    const method = init.method ?? 'GET'
    const cookie = this.cookies(origin, from !== undefined && from !== origin)
    const headers = { cookie, ...(method !== 'GET' && { origin, 'content-type': 'application/json' }) }
    const answer = await this.#fetch(url, { method, headers, body: init.body })
    for (const line of answer.headers.getSetCookie()) this.#keep(origin, line)
    return answer
  }

  /** Until an address that `until` knows, which is not asked for, or an answer that leads nowhere. @returns every address on the way */
  async go(url: string, until: (url: URL) => boolean = () => false): Promise<string[]> {
    const way = [url]
    for (let from: string | undefined; way.length < 20; ) {
      const at = new URL(way.at(-1)!)
      if (until(at)) return way
      const answer = await this.step(at.href, from)
      const next = answer.headers.get('location')
      if (next === null) return way
      from = from !== undefined && from !== at.origin ? from : at.origin
      way.push(new URL(next, at).href)
    }
    throw new Error(`no end: ${way.join(' ')}`)
  }

  /** A form of that site, sent from its own page. */
  async confirm(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    const { origin } = new URL(url)
    const headers = { origin, cookie: this.cookies(origin), 'content-type': 'application/x-www-form-urlencoded' }
    return this.#fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields).toString() })
  }

  #jar(origin: string): Map<string, Kept> {
    const jar = this.#jars.get(origin) ?? new Map<string, Kept>()
    this.#jars.set(origin, jar)
    return jar
  }
  #keep(origin: string, line: string): void {
    const [pair = '', ...flags] = line.split(';')
    const [name = '', ...value] = pair.split('=')
    const ended = flags.some(f => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(f))
    if (ended) this.#jar(origin).delete(name)
    else
      this.#jar(origin).set(name, {
        value: value.join('='),
        strict: flags.some(f => /samesite=strict/i.test(f)),
      })
  }
}
