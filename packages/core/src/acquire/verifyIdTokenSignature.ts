import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify, type JWK } from 'jose'
import { AuthError } from '../AuthError.js'
import type { Client, IdTokenVerifier } from '../client/client.js'
import { send } from '../http/send.js'
import { parseObject } from '../json/parseObject.js'
import { jwtClaims } from '../oauth/jwtClaims.js'

/** Asymmetric ones only: with `HS256` anybody who can read the client secret could make tokens. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** How long keys are used without asking again, and how soon an unknown one is asked for again; in milliseconds. */
const lifetime = 86_400_000
const cooldown = 30_000

/** Entra says with each key whose tokens it signs. */
type IssuerKey = JWK & { readonly issuer?: unknown }

interface KeySet {
  readonly keys: readonly IssuerKey[]
  readonly from: number
}

const keySets = /* @__PURE__ */ new WeakMap<Client, Map<string, Promise<KeySet>>>()

/**
 * Checks an ID token's signature against the provider's keys, for the client option `verifyIdToken`.
 *
 * The token endpoint's TLS already vouches for the token; this is for those who must not rely on it alone. Keys are kept for a day, and
 * asked for again when a token names an unknown one. A key that is marked for an issuer, as Entra's are, vouches for that one only.
 *
 * @param context The token, and where the keys are.
 * @returns When the signature is good.
 * @throws {AuthError} `id_token_invalid` when it is not; `invalid_response` when the keys cannot be read; what the network gives.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect Core 1.0, section 3.1.3.7, rule 6}
 */
export const verifyIdTokenSignature: IdTokenVerifier = async ({ client, idToken, jwksUri, signal }) => {
  try {
    const { kid } = decodeProtectedHeader(idToken)
    const { iss, tid } = jwtClaims(idToken)
    const keys = (await keysFor(client, jwksUri, kid, signal)).filter(
      ({ issuer }) => issuer === undefined || `${issuer}`.replace('{tenantid}', `${tid}`) === iss,
    )
    // Entra lists a key once for each issuer that it signs for.
    const distinct = [...new Map(keys.map((key) => [`${key.kid} ${key.alg ?? ''} ${key.kty}`, key])).values()]
    const currentDate = new Date(client.now())
    await jwtVerify(idToken, createLocalJWKSet({ keys: distinct }), { algorithms, currentDate, clockTolerance: 120 })
  } catch (error) {
    if (!(error instanceof errors.JOSEError) && !(error instanceof TypeError)) throw error
    throw new AuthError('id_token_invalid', 'Cannot trust the ID token: signature', { cause: error })
  }
}

async function keysFor(client: Client, uri: string, kid: unknown, signal?: AbortSignal): Promise<readonly IssuerKey[]> {
  const sets = keySets.get(client) ?? new Map<string, Promise<KeySet>>()
  keySets.set(client, sets)
  const known = await sets.get(uri)?.catch(() => undefined)
  const age = known ? client.now() - known.from : Infinity
  const isUsable = known && age >= 0 && age < lifetime
  if (isUsable && (age < cooldown || known.keys.some((key) => key.kid === kid))) return known.keys
  const fresh = fetchKeys(client, uri, signal)
  sets.set(uri, fresh)
  return (await fresh).keys
}

async function fetchKeys(client: Client, url: string, signal?: AbortSignal): Promise<KeySet> {
  const { status, text } = await send(client, { method: 'GET', url, headers: { accept: 'application/json' }, signal })
  const keys = status === 200 ? parseObject(text)?.['keys'] : undefined
  if (!Array.isArray(keys))
    throw new AuthError('invalid_response', `Cannot read the keys of ${new URL(url).host}: status ${status}`, {
      status,
    })
  return { keys: keys.filter((key) => typeof key === 'object' && key !== null) as IssuerKey[], from: client.now() }
}
