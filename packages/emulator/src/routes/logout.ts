import { decodeJwt } from 'jose'
import { findSession, sessionCookie } from '../browserSession.js'
import type { App } from '../App.js'
import type { Exchange, Service } from '../Exchange.js'
import { messagePage } from '../pages/messagePage.js'
import { findRedirectKind } from '../findRedirectKind.js'
import { resolveTenantPath, type PathSegments } from '../tenantPath.js'

/**
 * Answers the end-session endpoint: signs the browser's users out, or the one of `logout_hint`.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segments What its path names.
 * @returns A redirect to a registered `post_logout_redirect_uri`, or a page.
 * @throws {EntraError} 90002 for an unknown tenant.
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout OpenID RP-Initiated Logout, section 2}
 */
export async function logout(service: Service, exchange: Exchange, segments: PathSegments): Promise<Response> {
  const { url, form, request } = exchange
  resolveTenantPath(service.directory, url, segments)
  const parameters = request.method === 'POST' ? form : url.searchParams
  const session = findSession(service.memory, exchange)
  const hinted = service.directory.findUser(parameters.get('logout_hint') ?? '')
  if (hinted) session?.signIns.delete(hinted.id)
  else session?.signIns.clear()
  if (session?.signIns.size === 0) service.memory.sessions.delete(session.id)
  const cookie = session?.signIns.size ? undefined : sessionCookie(undefined, url)

  const redirectUri = parameters.get('post_logout_redirect_uri')
  if (!redirectUri || !findClients(service, parameters).some((app) => findRedirectKind(app, redirectUri)))
    return messagePage(service, 'You signed out', 'You can close this window.', cookie)
  const location = new URL(redirectUri)
  const state = parameters.get('state')
  if (state !== null) location.searchParams.set('state', state)
  return new Response(null, {
    status: 302,
    headers: { location: location.href, 'cache-control': 'no-store', ...(cookie ? { 'set-cookie': cookie } : {}) },
  })
}

/** The app is known by its ID or by an ID token of its own; who sends neither may be any. */
function findClients({ directory }: Service, parameters: URLSearchParams): readonly App[] {
  const clientId = parameters.get('client_id') ?? audienceOf(parameters.get('id_token_hint'))
  if (clientId === undefined) return [...directory.apps.values()]
  const app = directory.apps.get(clientId.toLowerCase())
  return app ? [app] : []
}

function audienceOf(idToken: string | null): string | undefined {
  if (!idToken) return undefined
  try {
    return String(decodeJwt(idToken).aud)
  } catch {
    return ''
  }
}
