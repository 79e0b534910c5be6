import { readForm } from './readForm.js'

/**
 * Shows the fields that the present choices need, and hides the others.
 *
 * `data-when="name=a,b"` shows an element for those values of a field, `data-when="name!=a"` for every other.
 *
 * @param form The form.
 */
export function showChosen(form: HTMLFormElement): void {
  const value = readForm(form)
  for (const shown of form.querySelectorAll<HTMLElement>('[data-when]')) {
    const [, name = '', not, values = ''] = /^(\w+)(!?)=(.*)$/.exec(shown.dataset['when'] ?? '') ?? []
    shown.hidden = values.split(',').includes(value(name)) === Boolean(not)
  }
}
