import type { App, RedirectKind } from './App.js'

/**
 * Finds the registration of a redirect URI: the same URI, or the same but for the port of `localhost`.
 *
 * @param app The app.
 * @param uri The URI of the request.
 * @returns Its kind, or undefined when it is not registered.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252#section-7.3 RFC 8252, section 7.3}
 */
export function findRedirectKind(app: App, uri: string): RedirectKind | undefined {
  // oxlint-disable-next-line no-control-regex -- they would be dropped by the URL parser
  if (!URL.canParse(uri) || uri.includes('#') || /[\u0000-\u0020]/.test(uri)) return undefined
  const kinds: readonly RedirectKind[] = ['publicClient', 'spa', 'web']
  const { redirectUris = {} } = app
  return (
    kinds.find((kind) => redirectUris[kind]?.some((registered) => withSlash(registered) === withSlash(uri))) ??
    kinds.find((kind) => redirectUris[kind]?.some((registered) => isSameButPort(registered, uri)))
  )
}

/** An origin is the same with and without the slash. */
function withSlash(uri: string): string {
  return /^https?:\/\/[^/?]+$/i.test(uri) ? `${uri}/` : uri
}

function isSameButPort(registered: string, uri: string): boolean {
  if (!URL.canParse(registered)) return false
  const [a, b] = [new URL(registered), new URL(uri)]
  const isLoopback = a.protocol === 'http:' && (a.hostname === 'localhost' || a.hostname === '127.0.0.1')
  a.port = ''
  b.port = ''
  return isLoopback && a.href === b.href
}
