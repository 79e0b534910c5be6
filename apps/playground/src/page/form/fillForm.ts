/**
 * Sets fields of a form.
 *
 * @param form The form.
 * @param values By field name; of a checkbox anything but an empty text checks it.
 */
export function fillForm(form: HTMLFormElement, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name)
    if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value !== ''
    else (field as HTMLInputElement | HTMLSelectElement | RadioNodeList).value = value
  }
}
