/** Words for what the hub refused. Pure. */
import type { RestError } from './rest.ts'
import type { Words } from './words/types.ts'

/** A sentence for an error code: ours, else the hub's own; else it is named by its code, so that it can be looked up. */
export function problemWords(e: Pick<RestError, 'code'> & { readonly said?: string | undefined }, w: Words): string {
  if (e.code === 'unreachable') return w.error.unreachable
  return Object.hasOwn(w.problems, e.code) ? w.problems[e.code]! : (e.said ?? `${w.error.unknown} (${e.code}).`)
}

/** Whole seconds until an instant, 0 once it is there. */
export const secondsLeft = (until: number, now: number): number => Math.max(0, Math.ceil((until - now) / 1000))

export interface SetupForm {
  readonly name: string
  readonly login: string
}
export type SetupField = keyof SetupForm
const LOGIN = /^[A-Za-z0-9][A-Za-z0-9._@-]{1,62}$/
export const isLogin = (text: string): boolean => LOGIN.test(text)

/** What can be said about a new account without asking the hub, which checks all of it again. Of its password: password.ts. */
export function setupErrors(form: SetupForm, w: Words): Partial<Record<SetupField, string>> {
  const errors: Partial<Record<SetupField, string>> = {}
  if (form.name.trim() === '') errors.name = w.setup.required
  if (form.login.trim() === '') errors.login = w.setup.required
  else if (!isLogin(form.login.trim())) errors.login = w.setup.loginRule
  return errors
}
