import { find } from '../find.js'
import { readForm } from './readForm.js'
import { showChosen } from './showChosen.js'

/**
 * Follows the choices of the page for apps: shows what they need, and sums up what is folded.
 *
 * @param form The form.
 */
export function followChoices(form: HTMLFormElement): void {
  const value = readForm(form)
  const isOwn = value('authority') === 'own'
  const server = find('[name=place][value=server]', HTMLInputElement, form)
  find('[name=place][value=page]', HTMLInputElement, form).disabled = isOwn
  if (isOwn) server.checked = true
  showChosen(form)
  // A page has no files.
  const cache = form.querySelector<HTMLInputElement>('[name=cache]:checked')
  if (cache?.closest('[hidden]')) find('[name=cache][value=memory]', HTMLInputElement, form).checked = true
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
