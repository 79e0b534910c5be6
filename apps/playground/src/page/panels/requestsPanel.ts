import type { Outcome, RecordedExchange } from '../../scenario/Outcome.js'
import { duration } from '../duration.js'
import { element } from '../element.js'

/**
 * Shows a run in the log: its requests on one scale of time, each to be opened.
 *
 * @param title What ran.
 * @param outcome What it came to.
 * @returns An item of the log.
 */
export function requestsItem(title: string, outcome: Outcome): HTMLElement {
  const { exchanges, result, error, inBackground } = outcome
  const whole = Math.max(
    outcome.durationMs,
    ...exchanges.map(({ startedAt, durationMs = 0 }) => startedAt + durationMs),
  )
  const came = error ? error.code : result ? result.source : 'done'
  return element(
    'li',
    { class: 'run' },
    element(
      'p',
      { class: 'run-title' },
      element('span', {}, title),
      element('span', { class: `came ${error ? 'error' : came}` }, came),
      element('span', { class: 'notes' }, duration(outcome.durationMs)),
    ),
    ...exchanges.map((exchange) => row(exchange, whole, inBackground)),
    exchanges.length === 0 ? element('p', { class: 'none' }, 'No request.') : undefined,
  )
}

function row(exchange: RecordedExchange, whole: number, inBackground: boolean): HTMLElement {
  const { method, url, status, durationMs = 0, startedAt, failure } = exchange
  const { host, pathname, search } = new URL(url)
  const bar = element('span', {})
  bar.style.insetInlineStart = `${(startedAt / whole) * 100}%`
  bar.style.inlineSize = `max(4px, ${(durationMs / whole) * 100}%)`
  const kind = failure !== undefined || !status || status >= 400 ? 'bad' : 'ok'
  return element(
    'details',
    { class: `exchange ${kind}` },
    element(
      'summary',
      {},
      element('span', { class: 'status' }, status ? String(status) : '—'),
      element('span', { class: 'method' }, method),
      element('span', { class: 'address' }, element('span', {}, host), pathname + search),
      element('span', { class: 'took' }, (inBackground ? 'in the background · ' : '') + duration(durationMs)),
      element('span', { class: 'lane', 'aria-hidden': 'true' }, bar),
    ),
    failure === undefined ? undefined : element('p', { class: 'broken' }, failure),
    part('Form', exchange.form),
    part('Header of the client assertion', exchange.assertion?.header ?? {}),
    part('Claims of the client assertion', exchange.assertion?.claims ?? {}),
    part('Request headers', exchange.requestHeaders),
    part('Response headers', exchange.responseHeaders ?? {}),
    exchange.responseText
      ? element('div', {}, element('h4', {}, 'Response'), element('pre', { tabindex: 0 }, exchange.responseText))
      : undefined,
  )
}

function part(title: string, pairs: Readonly<Record<string, unknown>>): HTMLElement | undefined {
  const entries = Object.entries(pairs)
  if (entries.length === 0) return undefined
  const rows = entries.map(([name, value]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', {}, element('code', {}, typeof value === 'string' ? value : JSON.stringify(value))),
    ),
  )
  return element('div', {}, element('h4', {}, title), element('table', {}, element('tbody', {}, ...rows)))
}
