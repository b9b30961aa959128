import { tick } from 'svelte'

/** To the first field of a form that is said to be wrong, once the page says so. */
export async function toFirstWrong(form: HTMLElement): Promise<void> {
  await tick()
  form.querySelector<HTMLElement>('[aria-invalid=true], [data-wrong]')?.focus()
}
