import { acquireUserToken } from '../acquire/acquireUserToken.js'
import type { BindingOptions, CallOptions } from '../acquire/CallOptions.js'
import { userRealm } from '../acquire/userRealm.js'
import { expect, isText } from '../arguments/expect.js'
import { expectClient } from '../arguments/expectClient.js'
import { AuthError } from '../AuthError.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import type { Client } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { abortable } from '../http/abortable.js'
import { send } from '../http/send.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import { decorateScopes, joinScopes } from '../oauth/scopes.js'
import type { Federation } from '../ports/federation.js'

/** What {@link acquireTokenByUsernamePassword} takes. */
export interface AcquireTokenByUsernamePasswordOptions extends CallOptions, BindingOptions {
  /** The sign-in name. */
  readonly username: string
  /** The password. */
  readonly password: string
  /** The scopes of one resource. */
  readonly scopes?: readonly string[] | undefined
  /** A claims challenge from the resource. */
  readonly claims?: string | undefined
  /** For users of federated domains: `wsTrust()` of `@latchkey/ws-trust`. */
  readonly federation?: Federation | undefined
}

/**
 * Signs a user in with a password that the program holds. Legacy: it cannot do multi-factor authentication, and teaches people to give
 * their password to programs.
 *
 * @param client Either kind of client.
 * @param options Who, and what for.
 * @returns The token; the user is in the cache now.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `invalid_grant` for a wrong password; `interaction_required` where more than a password is wanted;
 * `missing_dependency` for a federated user without `federation`; what every operation over the network throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.3 RFC 6749, section 4.3}
 */
export async function acquireTokenByUsernamePassword(
  client: Client,
  options: AcquireTokenByUsernamePasswordOptions,
): Promise<AuthenticationResult> {
  expectClient(client)
  const { username, password, claims, federation, scheme, signal } = options ?? {}
  const { correlationId = crypto.randomUUID() } = options ?? {}
  expect(isText(username), 'username', 'a non-empty string')
  expect(typeof password === 'string' && password !== '', 'password', 'a non-empty string')
  expect(federation === undefined || typeof federation?.acquireAssertion === 'function', 'federation', 'wsTrust()')
  const scopes = decorateScopes(options.scopes, client.excludeScopes)
  const brokered = await client.broker?.acquireTokenSilent(client, options)
  if (brokered) return brokered
  return abortable(acquire(), signal)

  async function acquire(): Promise<AuthenticationResult> {
    const state = stateOf(client)
    const endpoints = await endpointsOf(client, state, signal)
    const { token_endpoint: tokenEndpoint } = endpoints.metadata
    const { isFederated, ...realm } = await userRealm(client, state, tokenEndpoint, { username, correlationId, signal })
    return acquireUserToken(client, state, endpoints, {
      ...(isFederated ? await assertion(realm) : passwordGrant()),
      scopes,
      username,
      correlationId,
      api: 301,
      reason: 0,
      scheme,
      signal,
    })
  }

  function common(): Record<string, string> {
    return { scope: joinScopes(scopes), ...claimsParameter(client.clientCapabilities, claims) }
  }

  function passwordGrant() {
    return {
      grantType: 'password',
      parameters: { username, password, ...common() },
      // Entra's names are ASCII; a header takes no others.
      ...(/^[!-~]+$/.test(username) && { headers: { 'x-anchormailbox': `upn:${username}` } }),
      accountSource: 'password',
    }
  }

  async function assertion(realm: Omit<Awaited<ReturnType<typeof userRealm>>, 'isFederated'>) {
    if (!federation)
      throw new AuthError(
        'missing_dependency',
        'Cannot sign in a user of a federated domain: pass federation: wsTrust() of @latchkey/ws-trust',
      )
    const { grantType, assertion } = await federation.acquireAssertion({
      ...{ ...realm, username, password, now: client.now, signal },
      send: (request) => send(client, { ...request, signal }),
    })
    return { grantType, parameters: { assertion, ...common() } }
  }
}
