import { html } from 'hono/html'
import { createSession, findSession, sessionCookie } from '../browserSession.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { createInteraction } from '../interaction/createInteraction.js'
import { pageResponse } from '../pages/page.js'
import { findDeviceCode } from './deviceAuthorization.js'
import { showStep } from './login.js'

/**
 * Answers the page where people enter the code that their device shows.
 *
 * @param service The emulator.
 * @param exchange The request; a GET with `user_code` or `otc` fills the field in.
 * @returns The page, or the first page of the sign-in.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.3 RFC 8628, section 3.3}
 */
export async function deviceLogin(service: Service, exchange: Exchange): Promise<Response> {
  const { form, url, now, request } = exchange
  if (request.method !== 'POST')
    return codePage(service, url.searchParams.get('user_code') ?? url.searchParams.get('otc') ?? '')
  const userCode = form.get('user_code') ?? ''
  try {
    const device = findDeviceCode(service, userCode, now)
    const known = findSession(service.memory, exchange)
    const session = known ?? createSession(service.memory)
    const interaction = createInteraction(service.memory, session, { device }, now)
    // who approves a device says which account they mean, even where one is signed in already
    if (session.signIns.size > 0) interaction.mustPick = true
    return await showStep(service, exchange, interaction, { cookie: known ? undefined : sessionCookie(session, url) })
  } catch (error) {
    if (error instanceof EntraError) return codePage(service, userCode, error)
    throw error
  }
}

function codePage({ coop }: Service, userCode: string, error?: EntraError): Promise<Response> {
  const problem = error
    ? html`<p class="bad" role="alert">${error.message} <small>AADSTS${error.number}</small></p>`
    : ''
  return pageResponse({
    coop,
    title: 'Enter code',
    body: html`<h1>Enter code</h1>
      <p>Enter the code that your app or device shows.</p>
      ${problem}
      <form method="post" action="/common/oauth2/deviceauth" autocomplete="off">
        <label
          >Code
          <input
            name="user_code"
            class="code"
            value="${userCode}"
            autocapitalize="characters"
            spellcheck="false"
            required
          />
        </label>
        <div class="row"><button type="submit">Next</button></div>
      </form>`,
  })
}
