/**
 * The text of a JSON document: what JSON.parse doesn't tell. Finds the place of a syntax error, a field named twice
 * (JSON.parse silently keeps the last), and where in the text a JSON pointer leads. Accepts exactly RFC 8259, with at
 * most 64 levels.
 */

/** `offset` in UTF-16 units from the start. `pointer` is there if the text is JSON but names that field twice. */
export interface JsonFault {
  readonly offset: number
  readonly expected: string
  readonly pointer?: string
}

type Visit = (pointer: string, offset: number) => void

const MAX_LEVELS = 64
const SPACE = /[ \t\n\r]*/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** The first thing wrong with the text, or undefined. */
export const jsonFault = (text: string): JsonFault | undefined => new Walker(text, () => undefined).run()

/** Where each pointer leads; for a field that is missing, where the object that lacks it begins. The text must be JSON. */
export function locate(text: string, pointers: readonly string[]): Map<string, number> {
  const wanted = new Set(pointers.flatMap(ancestors))
  const found = new Map<string, number>()
  new Walker(text, (pointer, offset) => wanted.has(pointer) && found.set(pointer, offset)).run()
  // The document itself is everybody's ancestor, and always found.
  return new Map(pointers.map(p => [p, found.get(ancestors(p).find(a => found.has(a))!)!]))
}

/** Itself first, the whole document last. */
function ancestors(pointer: string): string[] {
  const steps = pointer.split('/')
  return steps.map((_, i) => steps.slice(0, steps.length - i).join('/'))
}

/** Both count from 1. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

/** Every step returns false once something is wrong; the fault is kept. */
class Walker {
  readonly #text: string
  readonly #visit: Visit
  #at = 0
  #fault: JsonFault | undefined

  constructor(text: string, visit: Visit) {
    this.#text = text
    this.#visit = visit
  }

  run(): JsonFault | undefined {
    this.#skip(SPACE)
    this.#visit('', this.#at)
    if (this.#value('', 0) && this.#at < this.#text.length) this.#fail('nothing after the end of the document')
    return this.#fault
  }

  #value(pointer: string, level: number): boolean {
    if (level > MAX_LEVELS) return this.#fail(`at most ${MAX_LEVELS} levels`)
    const first = this.#text[this.#at]
    const fits =
      first === '{'
        ? this.#object(pointer, level)
        : first === '['
          ? this.#array(pointer, level)
          : first === '"'
            ? this.#string()
            : this.#scalar()
    return fits && this.#skip(SPACE)
  }

  #scalar(): boolean {
    return this.#skip(SCALAR) || this.#fail('a value')
  }

  #object(pointer: string, level: number): boolean {
    const names = new Set<string>()
    return this.#list('}', () => this.#member(pointer, level, names))
  }

  #member(pointer: string, level: number, names: Set<string>): boolean {
    const start = this.#at
    if (this.#text[start] !== '"') return this.#fail('a field name in double quotes')
    if (!this.#string()) return false
    const name: string = JSON.parse(this.#text.slice(start, this.#at))
    const field = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (names.has(name)) return this.#fail('a field may be named only once', start, field)
    names.add(name)
    this.#visit(field, start)
    this.#skip(SPACE)
    return this.#take(':') && this.#value(field, level + 1)
  }

  #array(pointer: string, level: number): boolean {
    let index = 0
    return this.#list(']', () => {
      const item = `${pointer}/${index++}`
      this.#visit(item, this.#at)
      return this.#value(item, level + 1)
    })
  }

  /** Items with commas between them, from the opening bracket to the closing one. */
  #list(end: string, item: () => boolean): boolean {
    this.#at++
    this.#skip(SPACE)
    if (this.#text[this.#at] === end) return this.#take(end)
    while (item()) {
      if (this.#text[this.#at] === end) return this.#take(end)
      if (this.#text[this.#at] !== ',') return this.#fail(`a comma or ${end}`)
      this.#take(',')
    }
    return false
  }

  #string(): boolean {
    for (let i = this.#at + 1; ; i++) {
      const code = this.#text.charCodeAt(i)
      if (code === QUOTE) {
        this.#at = i + 1
        return true
      }
      if (!(code >= 0x20)) return this.#fail('a closing double quote on the same line', i)
      if (code !== BACKSLASH) continue
      ESCAPE.lastIndex = i
      if (!ESCAPE.test(this.#text)) return this.#fail('a valid escape after the backslash', i)
      i = ESCAPE.lastIndex - 1
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return this.#fail(`${character}`)
    this.#at++
    return this.#skip(SPACE)
  }

  /** Moves past what the sticky pattern matches here. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return false
    this.#at = pattern.lastIndex
    return true
  }

  #fail(expected: string, offset = this.#at, pointer?: string): false {
    this.#fault = { offset, expected, ...(pointer !== undefined && { pointer }) }
    return false
  }
}
