/** In which language a failure is told: what Accept-Language asks for, of the two there are (RFC 9110, 12.5.4). */
import type { FastifyReply } from 'fastify'
import type { Language } from '../errors.ts'

interface Range {
  readonly tag: string
  /** 0 (never) to 1. */
  readonly q: number
}

const RANGE = /^([a-z]{1,8}|\*)(?:-[a-z0-9-]*)?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?$/i

/**
 * The heavier of fr and en; of two equal ones the one named first. `fr-CA` counts as fr; what can't be read is skipped.
 * @param fallback where neither is asked for
 */
export function languageFor(header: string | undefined, fallback: Language): Language {
  const ranges = (header ?? '').split(',').flatMap(rangeOf)
  const [fr, en] = [weightOf('fr', ranges), weightOf('en', ranges)]
  if (fr !== en) return fr > en ? 'fr' : 'en'
  return ranges.filter(r => r.q > 0).find(isOurs)?.tag ?? fallback
}

/** Chooses the language of an answer and says so in its headers. */
export function languageOfAnswer(reply: FastifyReply, fallback: Language): Language {
  const language = languageFor(reply.request.headers['accept-language'], fallback)
  reply.header('content-language', language).header('vary', 'accept-language')
  return language
}

function rangeOf(text: string): Range[] {
  const [, tag, q = '1'] = RANGE.exec(text.trim()) ?? []
  return tag === undefined ? [] : [{ tag: tag.toLowerCase(), q: Math.min(1, Number(q)) }]
}

const isOurs = (range: Range): range is Range & { readonly tag: Language } => ['fr', 'en'].includes(range.tag)

/** `*` stands for what is not named itself. */
function weightOf(tag: Language, ranges: readonly Range[]): number {
  const named = ranges.filter(r => r.tag === tag)
  return Math.max(0, ...(named.length > 0 ? named : ranges.filter(r => r.tag === '*')).map(r => r.q))
}
