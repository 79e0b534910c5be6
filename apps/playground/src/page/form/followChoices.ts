import { find } from '../find.js'
import { readForm } from './readForm.js'

/**
 * Shows the fields that the present choices need, and hides the others.
 *
 * `data-when="name=a,b"` shows an element for those values of a field, `data-when="name!=a"` for every other.
 *
 * @param form The form.
 */
export function followChoices(form: HTMLFormElement): void {
  const value = readForm(form)
  for (const shown of form.querySelectorAll<HTMLElement>('[data-when]')) {
    const [, name = '', not, values = ''] = /^(\w+)(!?)=(.*)$/.exec(shown.dataset['when'] ?? '') ?? []
    shown.hidden = values.split(',').includes(value(name)) === Boolean(not)
  }
  const isOwn = value('authority') === 'own'
  const server = find('[name=place][value=server]', HTMLInputElement, form)
  find('[name=place][value=page]', HTMLInputElement, form).disabled = isOwn
  if (isOwn) server.checked = true
  const fault = find('[name=fault]', HTMLSelectElement, form)
  find('#fault-summary', HTMLElement).textContent =
    fault.value === 'none' ? 'nothing' : (fault.selectedOptions[0]?.textContent ?? '')
  find('#options-summary', HTMLElement).textContent = [
    `${value('timeout')} ms`,
    `${value('maxRetries')} ${value('maxRetries') === '1' ? 'retry' : 'retries'}`,
    value('region'),
    value('minutesAhead') !== '0' && `clock +${value('minutesAhead')} min`,
    value('cp1') && 'CP1',
  ]
    .filter(Boolean)
    .join(' · ')
}
