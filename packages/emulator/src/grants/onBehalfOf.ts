import { errors, jwtVerify, type JWTPayload } from 'jose'
import type { App } from '../App.js'
import { readClaims } from '../claimsRequest.js'
import { authenticateClient } from '../clientAuthentication.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findIdentity } from '../identity.js'
import { isRevoked } from '../memory.js'
import type { SignIn } from '../SignIn.js'
import { revokedGrant } from '../revokedGrant.js'
import type { TenantPath } from '../tenantPath.js'
import { issueUserTokens, type UserTokenResponse } from '../userTokens.js'

/**
 * Answers the on-behalf-of grant: an API turns the token that it was called with into one for the next API.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param app The API.
 * @param path The tenant that it asks.
 * @returns The token response.
 * @throws {EntraError} when the request is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-2.1 RFC 7523, section 2.1}
 */
export async function onBehalfOf(
  service: Service,
  exchange: Exchange,
  app: App,
  path: TenantPath,
): Promise<UserTokenResponse> {
  const { form } = exchange
  const parameter = ['requested_token_use', 'assertion', 'scope'].find((name) => !form.get(name))
  if (parameter !== undefined) throw new EntraError(900144, { parameter })
  if (form.get('requested_token_use') !== 'on_behalf_of')
    throw new EntraError(9002313, { reason: 'requested_token_use must be on_behalf_of' })
  const authentication = await authenticateClient(service, app, exchange, path)
  if (!authentication) throw new EntraError(7000218)

  const claims = await verifyAssertion(service, exchange, app, form.get('assertion') ?? '')
  const user = service.directory.findUserById(String(claims.oid))
  const tenant = service.directory.findTenant(String(claims.tid))
  if (!user || !tenant) throw new EntraError(50013, { reason: 'its user is not known' })
  const signIn = findSignIn(service, claims, user.id)
  if (isRevoked(service.memory, signIn)) throw revokedGrant(service, signIn)
  return issueUserTokens(service, exchange, {
    ...{ client: app, path, authentication, signIn },
    identity: findIdentity(service.directory, { ...path, tenant: path.tenant ?? tenant }, app, user),
    scope: form.get('scope') ?? '',
    claims: readClaims(form.get('claims')),
    mfaError: 'interaction_required',
  })
}

async function verifyAssertion(service: Service, exchange: Exchange, app: App, assertion: string): Promise<JWTPayload> {
  const payload = await verifySignature(service, exchange, assertion)
  const audience = String(payload.aud).replace(/\/$/, '')
  const names = [app.clientId, ...(app.identifierUris ?? []).map((uri) => uri.replace(/\/$/, ''))]
  // an ID token is for the app that signed the user in: it does not say what may be done
  if (!names.includes(audience)) throw new EntraError(500131)
  if (payload.idtyp === 'app') throw new EntraError(7000114)
  if (payload.scp === undefined) throw new EntraError(50013, { reason: 'it is not an access token' })
  return payload
}

async function verifySignature({ signing }: Service, { now }: Exchange, assertion: string): Promise<JWTPayload> {
  try {
    const options = { algorithms: ['RS256'], currentDate: new Date(now), requiredClaims: ['aud', 'exp'] }
    return (await jwtVerify(assertion, await signing.publicKey(), options)).payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new EntraError(500133)
    if (error instanceof errors.JOSEError || error instanceof TypeError)
      throw new EntraError(50013, { reason: 'its signature is wrong, or it is not a token of this service' })
    throw error
  }
}

/** A sign-in that is not remembered any more is taken as one without the second factor. */
function findSignIn({ memory }: Service, { sid, iat = 0 }: JWTPayload, userId: string): SignIn {
  const id = String(sid)
  return memory.signIns.get(id) ?? { id, userId, at: iat * 1000, hasMfa: false }
}
