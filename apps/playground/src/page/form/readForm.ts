/**
 * Reads what is set in a form, hidden fields included.
 *
 * @param form The form.
 * @returns Gives the value of a field, without space around it; empty where a box is not checked.
 */
export function readForm(form: HTMLFormElement): (name: string) => string {
  const data = new FormData(form)
  return (name) => String(data.get(name) ?? '').trim()
}
