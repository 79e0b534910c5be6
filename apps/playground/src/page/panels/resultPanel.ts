import type { Outcome, ShownResult } from '../../scenario/Outcome.js'
import { chips } from '../chips.js'
import { duration } from '../duration.js'
import { element } from '../element.js'
import { facts } from '../facts.js'
import { tokenLife } from '../tokenLife.js'
import { claimsTable } from './claimsTable.js'

/** What the `source` of a result means. */
const sources: Readonly<Record<string, string>> = {
  cache: 'from the cache',
  identity_provider: 'from the identity provider',
  broker: 'from the broker',
}

/**
 * Shows what was acquired.
 *
 * @param result The result.
 * @param outcome Of the run.
 * @returns The panel's content.
 */
export function resultPanel(result: ShownResult, outcome: Outcome): HTMLElement {
  const { exchanges, calls, failed, durationMs, inBackground } = outcome
  const requests = `${exchanges.length || 'no'} request${exchanges.length === 1 ? '' : 's'}`
  const notes = [
    calls > 1 ? `${calls - failed} of ${calls} calls` : undefined,
    duration(durationMs),
    inBackground ? `${requests} in the background` : requests,
  ]
  return element(
    'div',
    { class: 'result' },
    element(
      'p',
      { class: 'headline' },
      element('span', { class: `badge ${result.source}` }, sources[result.source] ?? result.source),
      element('span', { class: 'notes' }, notes.filter(Boolean).join(' · ')),
    ),
    tokenLife(result.expiresOn, result.refreshOn),
    facts({
      user: result.username,
      source: element('code', {}, result.source),
      scopes: chips(result.scopes),
      tokenType: result.tokenType,
      correlationId: element('code', {}, result.correlationId),
    }),
    element('h3', {}, 'Access token ', element('small', {}, 'its signature is cut')),
    coloured(result.token),
    ...(result.claims ? [element('h3', {}, 'Claims'), claimsTable(result.claims)] : []),
    ...(result.idTokenClaims ? [element('h3', {}, 'Claims of the ID token'), claimsTable(result.idTokenClaims)] : []),
  )
}

/** Header, payload and signature, each in its colour. */
function coloured(token: string): HTMLElement {
  const parts = token.split('.').flatMap((part, index) => [...(index ? ['.'] : []), element('span', {}, part)])
  return element('code', { class: 'token', tabindex: 0, 'aria-label': 'Access token without its signature' }, ...parts)
}
