import type { App } from './App.js'
import type { ClaimsRequest } from './claimsRequest.js'
import { EntraError } from './EntraError.js'
import type { User } from './User.js'

/** What decides whether the second factor is needed. */
export interface AccessFacts {
  readonly client: App
  readonly user: User
  /** The APIs that tokens are asked for. */
  readonly apis: readonly App[]
  readonly claims: ClaimsRequest
}

/** Names the policy in challenges, where the real service names one of the tenant's. */
const policyId = '5f2c7a1e-8b34-4d09-9c6d-3e0a7b91d4f8'

/**
 * Tells whether a user, an app, an API or the claims parameter asks for the second factor.
 *
 * @param facts What decides.
 * @returns Whether it is needed.
 */
export function needsMfa({ client, user, apis, claims }: AccessFacts): boolean {
  return (
    claims.needsMfa || user.mfa === true || client.requiresMfa === true || apis.some((api) => api.requiresMfa === true)
  )
}

/**
 * Makes the refusal of a token that needs the second factor: its claims, sent to the authorization endpoint, get it.
 *
 * @param facts What decides.
 * @param error The OAuth error code, where the endpoint has its own.
 * @returns The refusal.
 */
export function mfaChallenge({ client, apis, claims }: AccessFacts, error?: string): EntraError {
  const [acr, ...more] = claims.acrs
  const wanted =
    acr === undefined
      ? { capolids: { essential: true, values: [policyId] } }
      : { acrs: { essential: true, ...(more.length > 0 ? { values: claims.acrs } : { value: acr }) } }
  return new EntraError(
    50076,
    { resource: apis[0]?.clientId ?? client.clientId },
    { error, claims: JSON.stringify({ access_token: wanted }) },
  )
}
