import type { Outcome, ShownError } from '../../scenario/Outcome.js'
import { element } from '../element.js'
import { facts } from '../facts.js'

/**
 * Shows an error.
 *
 * @param error The error.
 * @param outcome Of the run.
 * @param startOver Is called when the person wants caches and refusals forgotten.
 * @returns The panel's content.
 */
export function errorPanel(error: ShownError, outcome: Outcome, startOver: () => void): HTMLElement {
  // The description is in the message.
  const { errorCodes, retryAfter, status, errorDescription: _, ...rest } = error.details
  const numbers = Array.isArray(errorCodes) ? errorCodes.map((number) => `AADSTS${number}`).join(', ') : undefined
  const repeated = outcome.exchanges.length === 0 && status !== undefined
  return element(
    'div',
    { class: 'failure' },
    element(
      'p',
      { class: 'headline' },
      element('span', { class: 'badge error' }, error.code),
      ...(numbers ? [element('span', { class: 'badge number' }, numbers)] : []),
      element('span', { class: 'notes' }, outcome.calls > 1 ? `${outcome.failed} of ${outcome.calls} calls` : ''),
    ),
    error.explanation ? element('p', { class: 'explanation' }, error.explanation) : undefined,
    retryAfter === undefined
      ? undefined
      : element('p', { class: 'retry' }, `The server asks to wait ${String(retryAfter)} s.`),
    repeated ? refusal(startOver) : undefined,
    element('pre', { class: 'message', tabindex: 0 }, error.message),
    facts({
      status: status === undefined ? undefined : String(status),
      ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, element('code', {}, String(value))])),
    }),
  )
}

function refusal(startOver: () => void): HTMLElement {
  const button = element('button', { type: 'button' }, 'Start over with a new client')
  button.addEventListener('click', startOver)
  return element(
    'p',
    { class: 'refusal' },
    'No request was made: this client was refused a moment ago, and spares the server the same question. ',
    button,
  )
}
