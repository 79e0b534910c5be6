import { isText } from '../arguments/expect.js'
import { AuthError } from '../AuthError.js'
import { endpointNamed } from '../authority/endpointNamed.js'
import type { Endpoints } from '../authority/endpoints.js'
import { isTokenIssuer } from '../authority/isTokenIssuer.js'
import type { Client } from '../client/client.js'
import { jwtClaims } from '../oauth/jwtClaims.js'

/** How far clocks may differ, in seconds. */
const skew = 120

/** What an ID token must say beyond what holds for every one, and who waits for it. */
export interface IdTokenExpectations {
  /** The nonce as it was on the wire. */
  readonly nonce?: string | undefined
  /** How long ago the sign-in may have been, in seconds. */
  readonly maxAge?: number | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Checks an ID token that came from the token endpoint itself, over TLS, where the signature need not be checked.
 *
 * @param client Whose.
 * @param endpoints The authority's endpoints, its issuer among them.
 * @param idToken The token.
 * @param expected What was asked for.
 * @returns The claims.
 * @throws {AuthError} `nonce_mismatch`; `id_token_invalid` for everything else, or what the client's `verifyIdToken` throws.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect Core 1.0, section 3.1.3.7}
 */
export async function validateIdToken(
  client: Client,
  endpoints: Endpoints,
  idToken: string,
  { nonce, maxAge, signal }: IdTokenExpectations,
): Promise<Readonly<Record<string, unknown>>> {
  const { clientId, authority, now, verifyIdToken } = client
  const { alg } = jwtClaims(idToken, 0)
  const claims = jwtClaims(idToken)
  const { aud, azp, exp, nbf = 0, sub, auth_time: authTime } = claims
  const { id_token_signing_alg_values_supported: algorithms = [alg] } = endpoints.metadata
  const earliest = now() / 1000 - skew
  const wrong =
    !isText(alg) || /^none$/i.test(alg) || !algorithms.includes(alg)
      ? 'alg'
      : !isTokenIssuer(authority, endpoints, claims)
        ? 'iss'
        : aud !== clientId && !(Array.isArray(aud) && aud.includes(clientId) && (!aud[1] || azp === clientId))
          ? 'aud'
          : !isText(sub)
            ? 'sub'
            : typeof exp !== 'number' || exp < earliest
              ? 'exp'
              : !(Number(nbf) <= earliest + 2 * skew)
                ? 'nbf'
                : nonce !== undefined && claims['nonce'] !== nonce
                  ? 'nonce'
                  : maxAge !== undefined && !(Number(authTime) + maxAge >= earliest)
                    ? 'auth_time'
                    : ''
  if (wrong)
    throw new AuthError(
      wrong === 'nonce' ? 'nonce_mismatch' : 'id_token_invalid',
      `Cannot trust the ID token: ${wrong}`,
    )
  await verifyIdToken?.({
    client,
    idToken,
    jwksUri: endpointNamed(authority, endpoints, 'jwks_uri', 'discovery/v2.0/keys'),
    signal,
  })
  return claims
}
