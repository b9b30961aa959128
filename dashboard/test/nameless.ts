/**
 * Evaluates to what on the page a screen reader could not name, or would name twice (WCAG 2.2: 1.3.1, 2.4.6, 4.1.2): controls without
 * a name, ids that occur twice, references to no element, several first headings. Text: it runs in the page.
 */
export const NAMELESS = String.raw`(() => {
  const shown = e => e.checkVisibility({ visibilityProperty: true })
  const of = ids => (ids ?? '').split(/\s+/).filter(Boolean)
  const named = e =>
    e.getAttribute('aria-label')?.trim() ||
    of(e.getAttribute('aria-labelledby')).map(id => document.getElementById(id)?.textContent).join('').trim() ||
    [...(e.labels ?? [])].map(l => l.textContent).join('').trim() ||
    (/^(A|BUTTON|SUMMARY)$/.test(e.tagName) && e.textContent.trim())
  const all = [...document.querySelectorAll('*')].filter(shown)
  const controls = all.filter(e => e.matches('a[href], button, input, select, textarea, dialog, nav, [role=region], [role=group], fieldset:not(:has(> legend))'))
  const ids = all.map(e => e.id).filter(Boolean)
  const refs = all.flatMap(e => ['aria-describedby', 'aria-labelledby', 'for'].flatMap(a => of(e.getAttribute(a))))
  return [
    ...controls.filter(e => !named(e)).map(e => 'no name: ' + e.outerHTML.slice(0, 90)),
    ...ids.filter((id, i) => ids.indexOf(id) !== i).map(id => 'twice: ' + id),
    ...refs.filter(id => !document.getElementById(id)).map(id => 'nothing has the id ' + id),
    ...(all.filter(e => e.tagName === 'H1').length === 1 ? [] : ['one first heading is wanted']),
    ...all.filter(e => e.matches('[tabindex]') && e.tabIndex > 0).map(e => 'jumps the order: ' + e.outerHTML.slice(0, 60)),
  ]
})()`
/** Pixels that the page is wider than its window. */
export const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
