import { html } from 'hono/html'
import { entraErrorBody, type EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { pageResponse } from './page.js'

/**
 * Answers a page that says why it does not go on: what must not be sent to the app is said here.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param error What went wrong.
 * @returns The page.
 */
export function errorPage({ coop }: Service, exchange: Exchange, error: EntraError): Promise<Response> {
  const { trace_id, correlation_id, timestamp } = entraErrorBody(error, exchange)
  return pageResponse({
    coop,
    title: 'This sign-in cannot go on',
    status: error.status,
    body: html`<h1>This sign-in cannot go on</h1>
      <p role="alert">AADSTS${error.number}: ${error.message}</p>
      <dl>
        <dt>Correlation ID</dt>
        <dd>${correlation_id}</dd>
        <dt>Trace ID</dt>
        <dd>${trace_id}</dd>
        <dt>Timestamp</dt>
        <dd>${timestamp}</dd>
      </dl>`,
  })
}

/**
 * Answers a page that only says something.
 *
 * @param service The emulator.
 * @param title What it says.
 * @param text What there is to add.
 * @param cookie The session's cookie.
 * @returns The page.
 */
export function messagePage({ coop }: Service, title: string, text: string, cookie?: string): Promise<Response> {
  return pageResponse({
    coop,
    cookie,
    title,
    body: html`<h1>${title}</h1>
      <p>${text}</p>`,
  })
}
