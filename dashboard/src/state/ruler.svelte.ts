import type { PlanFont } from '../tags.ts'

const SVG = 'http://www.w3.org/2000/svg'

/** Widths of words in the plan's fonts, as this browser draws them. Measured again when a font arrives late. */
class Ruler {
  #round = $state(0)
  readonly #known = new Map<string, number>()
  #texts: Readonly<Record<PlanFont, SVGTextElement>> | undefined

  constructor() {
    document.fonts.addEventListener('loadingdone', () => {
      this.#known.clear()
      this.#round++
    })
  }
  /** Pixels. Depends on the fonts present: reading it in an effect or `$derived` follows them. */
  readonly measure = (font: PlanFont, words: string): number => {
    const key = `${this.#round}/${font}/${words}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const text = this.#text(font)
    text.textContent = words
    const width = text.getComputedTextLength()
    text.textContent = '' // nothing of a site stays in the page after signing out
    if (this.#known.size > 5000) this.#known.clear()
    this.#known.set(key, width)
    return width
  }

  #text(font: PlanFont): SVGTextElement {
    this.#texts ??= this.#hang()
    return this.#texts[font]
  }
  #hang(): Readonly<Record<PlanFont, SVGTextElement>> {
    const svg = document.body.appendChild(document.createElementNS(SVG, 'svg'))
    svg.classList.add('sprite')
    svg.setAttribute('aria-hidden', 'true')
    const text = (font: PlanFont): SVGTextElement => {
      const element = svg.appendChild(document.createElementNS(SVG, 'text'))
      element.classList.add(`plan-${font}`)
      return element
    }
    return { tag: text('tag'), name: text('name'), code: text('code') }
  }
}
export const ruler = new Ruler()
