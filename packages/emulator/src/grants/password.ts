import type { App } from '../App.js'
import { readClaims } from '../claimsRequest.js'
import { authenticateUserClient } from '../clientPolicy.js'
import { mfaChallenge } from '../conditionalAccess.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findFederation } from '../federation/findFederation.js'
import { findIdentity } from '../identity.js'
import { beginSignIn } from '../memory.js'
import { consumersTenantId } from '../seed.js'
import type { TenantPath } from '../tenantPath.js'
import type { User } from '../User.js'
import { issueUserTokens, type UserTokenResponse } from '../userTokens.js'

/**
 * Answers the password grant.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param app The app that has the password.
 * @param path The tenant that it asks.
 * @returns The token response.
 * @throws {EntraError} when the request is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.3 RFC 6749, section 4.3}
 */
export async function password(
  service: Service,
  exchange: Exchange,
  app: App,
  path: TenantPath,
): Promise<UserTokenResponse> {
  const { directory, memory } = service
  const { form, now } = exchange
  const parameter = ['username', 'password'].find((name) => !form.get(name))
  if (parameter !== undefined) throw new EntraError(900144, { parameter })
  const authentication = await authenticateUserClient(service, app, exchange, path)
  if (path.segment === 'common' || path.segment === 'consumers') throw new EntraError(9001023)

  const username = form.get('username') ?? ''
  const user = directory.findUser(username, path.tenant?.id)
  if (!user || user.tenantId === consumersTenantId)
    throw new EntraError(50034, { user: username, tenant: path.tenant?.name ?? path.segment })
  const identity = findIdentity(directory, path, app, user)
  checkPassword(service, path, user, form.get('password') ?? '')
  const claims = readClaims(form.get('claims'))
  // Who is asked for the second factor cannot give it here; what an API's policy asks for is found out with the scope.
  if (user.mfa) throw mfaChallenge({ ...{ client: app, user, claims }, apis: [] }, 'invalid_grant')
  return issueUserTokens(service, exchange, {
    ...{ client: app, path, identity, authentication, claims },
    signIn: beginSignIn(memory, user.id, now),
    scope: form.get('scope') || 'openid profile',
  })
}

/** The cloud does not know the passwords of federated users; their own server does. */
function checkPassword({ directory }: Service, path: TenantPath, user: User, entered: string): void {
  const isElsewhere = path.shape !== 'adfs' && findFederation(directory, user.username) !== undefined
  if (isElsewhere || !user.password || user.password !== entered) throw new EntraError(50126)
  if (user.isDisabled) throw new EntraError(50057)
  if (user.mustChangePassword) throw new EntraError(50055)
}
