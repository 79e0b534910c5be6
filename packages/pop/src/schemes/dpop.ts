import type { BoundRequest, TokenScheme } from '@latchkey/core'
import { jwtClaims } from '@latchkey/core/internal'
import { proofKeys, type ProofKeyOptions } from '../keys/proofKeys.js'
import { remember } from '../keys/remember.js'
import { dpopProof } from '../oauth/dpopProof.js'
import { proofFetch, type ProofFetch } from './proofFetch.js'

/** What {@link dpop} takes; `algorithm` is ES256 by default, and the key is not changed: refresh tokens may be bound to it. */
export interface DpopOptions extends ProofKeyOptions {
  /** What sends the requests of the scheme's own `fetch`. Default: the runtime's own. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** Tokens that any authorization server binds to a key, and requests with a proof of it. */
export interface DpopScheme extends TokenScheme {
  /** Sends a request with a token and its proof, and answers one challenge for a nonce and one for claims. */
  readonly fetch: ProofFetch
}

/**
 * Binds tokens to a key that never leaves this place, by DPoP: a stolen token is of no use without the key.
 *
 * @param options The key, and for how long it is used.
 * @returns A scheme, for the `scheme` option of the acquire functions and of `authorizedFetch`; keep it as long as the client.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449 RFC 9449}
 */
export function dpop(options: DpopOptions = {}): DpopScheme {
  const { fetch, now = Date.now } = options
  const keys = proofKeys(options, { algorithm: 'ES256', rotateAfter: Infinity })
  const nonces = new Map<string, string>() // by origin

  async function proof({ method, url }: BoundRequest, keyId?: string, accessToken?: string): Promise<string> {
    const { keyPair } = await keys.named(keyId)
    return dpopProof(keyPair, {
      method,
      url,
      accessToken,
      nonce: nonces.get(new URL(url).origin),
      iat: Math.floor(now() / 1000),
    })
  }

  const scheme: TokenScheme = {
    async binding() {
      const { keyId } = await keys.current()
      return { credential_type: 'AccessToken_With_AuthScheme', token_type: 'dpop', key_id: keyId }
    },
    async bind({ method, url, keyId }) {
      return method === 'POST'
        ? { headers: { dpop: await proof({ method, url }, keyId) } }
        : { parameters: { dpop_jkt: keyId } }
    },
    inspect({ headers, text }, url) {
      const nonce = headers.get('dpop-nonce')
      if (nonce) remember(nonces, new URL(url).origin, nonce, 100)
      // In the body of a token endpoint, or in the challenge of a resource, whose body is not read.
      const said = `${text} ${headers.get('www-authenticate')}`
      return Boolean(nonce) && /\berror"?\s*[:=]\s*"?use_dpop_nonce\b/.test(said)
    },
    async authorize(request, accessToken) {
      const { jkt } = Object(jwtClaims(accessToken)['cnf']) as { readonly jkt?: string }
      return { authorization: `DPoP ${accessToken}`, dpop: await proof(request, jkt, accessToken) }
    },
  }
  return { ...scheme, fetch: proofFetch(scheme, fetch) }
}
