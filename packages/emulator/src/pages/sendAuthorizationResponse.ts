import { html } from 'hono/html'
import type { AuthorizationResponse } from '../interaction/authorizationResponse.js'
import { pageResponse } from './page.js'

const script = 'document.forms[0].submit()'

/**
 * Sends an authorization response by way of the browser: as a redirect, or as a form that submits itself.
 *
 * @param response The response.
 * @param options The session's cookie, and the cut from the page that opened this one.
 * @returns The redirect, or the page.
 * @see {@link https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html OAuth 2.0 Form Post Response Mode}
 */
export async function sendAuthorizationResponse(
  { target, parameters }: AuthorizationResponse,
  options: { readonly cookie?: string | undefined; readonly coop: boolean },
): Promise<Response> {
  const { redirectUri, responseMode } = target
  if (responseMode === 'form_post') {
    const fields = Object.entries(parameters)
    return pageResponse({
      ...options,
      title: 'Working …',
      script,
      body: html`<form method="post" action="${redirectUri}">
        ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <noscript>
          <p>Scripts are off in this browser. Press the button to go on.</p>
          <button>Continue</button>
        </noscript>
      </form>`,
    })
  }
  const query = new URLSearchParams(parameters).toString()
  const separator = responseMode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?'
  const headers = new Headers({
    location: redirectUri.replace(/[^ -~]+/g, encodeURIComponent) + separator + query,
    'cache-control': 'no-store, no-cache',
    'x-frame-options': 'DENY',
  })
  if (options.cookie !== undefined) headers.set('set-cookie', options.cookie)
  if (options.coop) headers.set('cross-origin-opener-policy', 'same-origin')
  return new Response(null, { status: 302, headers })
}
