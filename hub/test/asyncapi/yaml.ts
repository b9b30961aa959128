/**
 * Writes plain data (as JSON knows it) as YAML 1.2: block style, long text folded, everything that any YAML version might
 * take for something else quoted. No reader of YAML comes with the project's libraries, so documents are made
 * from data and compared as text.
 */
export type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data }

const WIDTH = 110
const PLAIN = /^[A-Za-z_$/][A-Za-z0-9_$./()-]*( [A-Za-z0-9_$./()-]+)*$/
/** Words that YAML 1.1 readers take for booleans or nothing. */
const SPECIAL = /^(y|n|yes|no|on|off|true|false|null)$/i

export const toYaml = (data: Data): string => `${block(data, 0).replace(/^\n/, '')}\n`

function block(data: Data, depth: number): string {
  if (typeof data === 'string') return ` ${text(data, depth)}`
  if (data === null || typeof data !== 'object') return ` ${JSON.stringify(data)}`
  const pad = `\n${'  '.repeat(depth)}`
  if (Array.isArray(data))
    return data.length === 0 ? ' []' : data.map((item: Data) => `${pad}-${item_(item, depth)}`).join('')
  const entries = Object.entries(data)
  return entries.length === 0 ? ' {}' : entries.map(([k, v]) => `${pad}${word(k)}:${block(v, depth + 1)}`).join('')
}

/** The first key of an object stands behind the dash. */
function item_(item: Data, depth: number): string {
  const written = block(item, depth + 1)
  return written.startsWith('\n') ? ` ${written.slice(1 + 2 * (depth + 1))}` : written
}

function word(value: string): string {
  if (PLAIN.test(value) && !SPECIAL.test(value)) return value
  return /"/.test(value) && !/['\\\n]/.test(value) ? `'${value}'` : JSON.stringify(value)
}

function text(value: string, depth: number): string {
  const pad = `\n${'  '.repeat(depth)}`
  if (value.includes('\n'))
    return `|-${value
      .split('\n')
      .map(line => (line ? pad + line : '\n'))
      .join('')}`
  const width = WIDTH - 2 * depth
  const foldable = value.length > width && !/^\s|\s$|\s\s|[^\S ]/.test(value)
  return foldable
    ? `>-${wrap(value, width)
        .map(line => pad + line)
        .join('')}`
    : word(value)
}

function wrap(value: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const part of value.split(' ')) {
    if (line && line.length + 1 + part.length > width) {
      lines.push(line)
      line = part
    } else line = line ? `${line} ${part}` : part
  }
  return [...lines, line]
}
