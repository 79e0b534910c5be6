import { parseWwwAuthenticate, type TokenScheme } from '@latchkey/core'
import { expect, isObject, isText, jwtClaims } from '@latchkey/core/internal'
import { proofKeys, type ProofKeyOptions } from '../keys/proofKeys.js'
import { base64url } from '../keys/base64url.js'
import { remember } from '../keys/remember.js'
import { proofFetch, type ProofFetch } from './proofFetch.js'
import { signJwt } from '../oauth/signJwt.js'

/** What {@link signedHttpRequest} takes; `algorithm` is RS256 and `rotateAfter` 8 hours by default. */
export interface SignedHttpRequestOptions extends ProofKeyOptions {
  /** Claims of the client's own, signed along (`client_claims`): JSON, or a text. */
  readonly claims?: Readonly<Record<string, unknown>> | string | undefined
  /** The one request that a broker is to sign for: with a broker, the result's token is the signed request itself. */
  readonly request?: { readonly method: string; readonly url: string; readonly nonce: string } | undefined
  /** What sends the requests of the scheme's own `fetch`. Default: the runtime's own. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** Tokens that Entra binds to a key, and requests that are signed with it. */
export interface SignedHttpRequestScheme extends TokenScheme {
  /** Sends a request with a token and its proof, and answers one challenge for a nonce and one for claims. */
  readonly fetch: ProofFetch
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']

/**
 * Binds tokens to a key that never leaves this place, by Entra's signed HTTP requests: a stolen token is of no use without the key.
 *
 * @param options The key, and what is signed along.
 * @returns A scheme, for the `scheme` option of the acquire functions and of `authorizedFetch`; keep it as long as the client.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-ietf-oauth-signed-http-request-03 Signed HTTP requests}
 */
export function signedHttpRequest(options: SignedHttpRequestOptions = {}): SignedHttpRequestScheme {
  const { claims, request, fetch, now = Date.now } = options
  const keys = proofKeys(options, { algorithm: 'RS256', rotateAfter: 8 * 3_600_000 })
  expect(claims === undefined || isText(claims) || isObject(claims), 'claims', 'an object, or a text')
  if (request !== undefined) {
    const { method, url, nonce } = Object(request) as NonNullable<typeof request>
    expect(methods.includes(method), 'request.method', `one of ${methods}`)
    expect(isText(url) && URL.canParse(url), 'request.url', 'an absolute URL')
    expect(isText(nonce), 'request.nonce', "the resource's nonce")
  }
  const nonces = new Map<string, string>() // by origin
  const scheme: TokenScheme = {
    request,
    async binding() {
      const { keyId } = await keys.current()
      return { credential_type: 'AccessToken_With_AuthScheme', token_type: 'pop', key_id: keyId }
    },
    async bind({ method, keyId }) {
      const confirmation = base64url(JSON.stringify({ kid: keyId, xms_ksl: 'sw' }))
      return method === 'POST' ? { parameters: { token_type: 'pop', req_cnf: confirmation } } : {}
    },
    inspect({ status, headers }, url) {
      const [info] = parseWwwAuthenticate(`- ${headers.get('authentication-info') ?? ''}`)
      const challenges = status === 401 ? parseWwwAuthenticate(headers.get('www-authenticate')) : []
      const wanted = challenges.find(({ scheme }) => scheme === 'pop')?.parameters['nonce']
      const nonce = wanted ?? info?.parameters['nextnonce']
      if (nonce) remember(nonces, new URL(url).origin, nonce, 100)
      return Boolean(wanted)
    },
    async authorize({ method, url }, accessToken) {
      const { kid } = Object(jwtClaims(accessToken)['cnf']) as { kid?: string }
      const { keyPair, keyId, jwk } = await keys.named(kid)
      const { host, origin, pathname, search } = new URL(url)
      const header = { typ: 'pop', kid: base64url(JSON.stringify({ kid: keyId })) }
      const payload = {
        at: accessToken,
        ts: Math.floor(now() / 1000),
        m: method.toUpperCase(),
        u: host,
        nonce: nonces.get(origin) ?? crypto.randomUUID(),
        p: pathname,
        q: search ? [[], search.slice(1)] : undefined,
        client_claims: isObject(claims) ? JSON.stringify(claims) : claims,
        cnf: { jwk },
      }
      return { authorization: `PoP ${await signJwt(keyPair.privateKey, header, payload)}` }
    },
  }
  return { ...scheme, fetch: proofFetch(scheme, fetch) }
}
