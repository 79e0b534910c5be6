import { parse, serialize } from 'hono/utils/cookie'
import type { Exchange } from './Exchange.js'
import type { Memory } from './memory.js'
import { randomBase64url } from './randomBase64url.js'
import { remember } from './remember.js'
import type { Session } from './Session.js'

/**
 * Finds the session of the browser that sent a request.
 *
 * @param memory Where sessions are kept.
 * @param exchange The request.
 * @returns The session, or undefined.
 */
export function findSession(memory: Memory, exchange: Exchange): Session | undefined {
  const name = cookieName(exchange.url)
  const id = parse(exchange.request.headers.get('cookie') ?? '', name)[name]
  return id === undefined ? undefined : memory.sessions.get(id)
}

/**
 * Begins a session.
 *
 * @param memory Where it is kept.
 * @returns The session, nobody signed in.
 */
export function createSession(memory: Memory): Session {
  const session: Session = { id: randomBase64url(32), signIns: new Map() }
  remember(memory.sessions, session.id, session)
  return session
}

/**
 * Writes the cookie of a session.
 *
 * @param session The session; undefined to delete the cookie.
 * @param url The request's URL.
 * @returns `Set-Cookie`.
 */
export function sessionCookie(session: Session | undefined, url: URL): string {
  const isSecure = url.protocol === 'https:'
  return serialize(cookieName(url), session?.id ?? '', {
    path: '/',
    httpOnly: true,
    // silent sign-ins in a frame and responses by form need it across sites, which browsers allow with TLS only
    ...(isSecure ? { secure: true, sameSite: 'None' } : { sameSite: 'Lax' }),
    ...(session ? {} : { maxAge: 0 }),
  })
}

/** Cookies know no ports: two emulators on one machine must not take each other's. */
function cookieName({ port }: URL): string {
  return `latchkey_emulator${port === '' ? '' : `_${port}`}`
}
