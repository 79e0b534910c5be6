// A web app that people sign in to, and the API behind it, which asks another API on behalf of its caller.
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  clientSecret,
  createConfidentialClient,
  initiateAuthCodeFlow,
  isAuthError,
  needsInteraction,
  removeAccount,
  type Account,
  type AuthCodeFlow,
} from '@latchkey/core'
import { randomUUID } from 'node:crypto'

/** What the app needs to know; a real one reads it from its environment. */
export interface WebAppOptions {
  readonly authority: string
  readonly clientId: string
  readonly secret: string
  readonly origin: string
  readonly scopes: readonly string[]
  /** Another API, and what to ask for it. */
  readonly api: string
  readonly apiScopes: readonly string[]
}

/** What is kept for each browser: no token, just who it is, and a sign-in on its way. */
interface Session {
  flow?: AuthCodeFlow | undefined
  account?: Account | undefined
}

/**
 * Makes the web app.
 *
 * @param options What it needs to know.
 * @returns A fetch handler.
 */
export function createWebApp(options: WebAppOptions): (request: Request) => Promise<Response> {
  const { authority, clientId, secret, origin, scopes, api, apiScopes } = options
  const client = createConfidentialClient({ clientId, authority, credential: clientSecret(secret) })
  const redirectUri = `${origin}/callback`
  const sessions = new Map<string, Session>()

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    const id = /(?:^|; )session=([\w-]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? randomUUID()
    const session = sessions.get(id) ?? {}
    sessions.set(id, session)
    try {
      const response = await answer(pathname, searchParams, session, request)
      // Lax, so that it comes along when the sign-in page sends the browser back.
      response.headers.append('set-cookie', `session=${id}; Path=/; HttpOnly; SameSite=Lax`)
      return response
    } catch (error) {
      if (!isAuthError(error)) throw error
      return new Response(`The sign-in failed: ${error.code}\n`, { status: 403 })
    }
  }

  async function answer(path: string, query: URLSearchParams, session: Session, request: Request): Promise<Response> {
    switch (path) {
      case '/sign-in':
        return signIn(session)
      case '/callback': {
        const { flow } = session
        session.flow = undefined // one answer for each question
        session.account = (await acquireTokenByAuthCodeFlow(client, { flow, response: query })).account
        return redirect('/')
      }
      case '/sign-out':
        if (session.account) await removeAccount(client, { account: session.account })
        session.account = undefined
        return new Response('Signed out\n')
      case '/api':
        return onBehalfOfCaller(request)
      default:
        return home(session)
    }
  }

  async function signIn(session: Session): Promise<Response> {
    session.flow = await initiateAuthCodeFlow(client, { scopes, redirectUri })
    return redirect(session.flow.authUri)
  }

  async function home(session: Session): Promise<Response> {
    if (!session.account) return signIn(session)
    try {
      const { accessToken, source } = await acquireTokenSilent(client, { scopes, account: session.account })
      const { status } = await fetch(api, { headers: { authorization: `Bearer ${accessToken}` } })
      return new Response(`Hello ${session.account.username}; a token from ${source}; the API answered ${status}\n`)
    } catch (error) {
      if (!needsInteraction(error)) throw error
      return signIn(session)
    }
  }

  /** A real API validates the token first: its signature, its issuer, and that it is meant for this API. */
  async function onBehalfOfCaller(request: Request): Promise<Response> {
    const userAssertion = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
    if (!userAssertion) return new Response('A token is needed\n', { status: 401 })
    const { accessToken, source, account } = await acquireTokenOnBehalfOf(client, { userAssertion, scopes: apiScopes })
    const { status } = await fetch(api, { headers: { authorization: `Bearer ${accessToken}` } })
    return new Response(`On behalf of ${account?.username}; a token from ${source}; the API answered ${status}\n`)
  }
}

/** `Response.redirect` gives headers that cannot be added to. */
function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } })
}
