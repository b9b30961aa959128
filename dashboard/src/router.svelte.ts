/** The pages on the history API; links stay plain <a href>, also inside the plan's SVG. */
class Router {
  #url = $state.raw(new URL(location.href))
  #moved = false

  constructor() {
    addEventListener('popstate', () => this.#read())
    addEventListener('click', e => this.#click(e))
  }
  get path(): string {
    return this.#url.pathname
  }
  /** False until someone followed a link here: a page just loaded leaves the focus where the browser put it. */
  get moved(): boolean {
    return this.#moved
  }
  /** The device whose panel is open. */
  get device(): string | undefined {
    return this.#url.searchParams.get('device') ?? undefined
  }
  /** What stands beside the plan instead of a device: reviews, or who is accounted for in an evacuation. */
  get panel(): 'reviews' | 'muster' | undefined {
    const asked = this.#url.searchParams.get('panel')
    return asked === 'reviews' || asked === 'muster' ? asked : undefined
  }
  get plan(): string {
    return this.#url.searchParams.get('plan') ?? ''
  }
  /** All that the address asks for. */
  get params(): URLSearchParams {
    return this.#url.searchParams
  }
  /** What the device table is asked to find. */
  get search(): string {
    return this.#url.searchParams.get('q') ?? ''
  }
  go(href: string): void {
    history.pushState(null, '', href)
    this.#moved = true
    this.#read()
  }
  replace(href: string): void {
    history.replaceState(null, '', href)
    this.#read()
  }
  #read(): void {
    this.#url = new URL(location.href)
  }
  #click(e: MouseEvent): void {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return
    const link = e.target instanceof Element ? e.target.closest('a') : null
    if (link?.hasAttribute('download')) return // a file, not a page
    const href = link?.getAttribute('href')
    if (!href?.startsWith('/') || href.startsWith('//')) return
    e.preventDefault()
    this.go(href)
  }
}
export const router = new Router()
export const deviceHref = (id: string): string => `/?device=${encodeURIComponent(id)}`
export const listHref = (search: string): string => `/devices?q=${encodeURIComponent(search)}`
export const REVIEWS_HREF = '/?panel=reviews'
export const musterHref = (plan: string): string => `/?panel=muster&plan=${encodeURIComponent(plan)}`
