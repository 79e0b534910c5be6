import { html } from 'hono/html'
import type { Exchange, Service } from '../Exchange.js'
import { pageResponse } from '../pages/page.js'
import { readDefaults } from '../defaults.js'

/**
 * Answers the start page: what there is to try. A sign-in that was tried without an app comes back here, too.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @returns The page.
 */
export function start(service: Service, { url }: Exchange): Promise<Response> {
  const { tenantId, publicClientId, userScope } = readDefaults(service.directory)
  const query = new URLSearchParams({
    client_id: publicClientId,
    response_type: 'code',
    redirect_uri: url.origin,
    scope: `openid profile ${userScope}`,
    prompt: 'select_account',
  })
  const isBack = url.searchParams.has('code')
  const error = url.searchParams.get('error_description')
  return pageResponse({
    coop: service.coop,
    title: 'Latchkey emulator',
    body: html`<h1>A local Microsoft Entra ID</h1>
      ${isBack ? html`<p role="status">You are signed in. An app would redeem the code of this address now.</p>` : ''}
      ${error === null ? '' : html`<p class="bad" role="alert">${error}</p>`}
      <dl>
        <dt>Authority</dt>
        <dd>${url.origin}/${tenantId}</dd>
        <dt>Client ID</dt>
        <dd>${publicClientId}</dd>
      </dl>
      <ul>
        <li><a href="/${tenantId}/oauth2/v2.0/authorize?${query.toString()}">Try a sign-in</a></li>
        <li><a href="/devicelogin">Enter the code of a device</a></li>
        <li><a href="/${tenantId}/oauth2/v2.0/logout">Sign out</a></li>
        <li><a href="/${tenantId}/v2.0/.well-known/openid-configuration">Metadata</a></li>
      </ul>`,
  })
}
