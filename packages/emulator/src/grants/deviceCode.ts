import type { App } from '../App.js'
import { readClaims } from '../claimsRequest.js'
import { authenticateUserClient } from '../clientPolicy.js'
import type { DeviceCode } from '../DeviceCode.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findIdentity } from '../identity.js'
import { isRevoked } from '../memory.js'
import { revokedGrant } from '../revokedGrant.js'
import type { TenantPath } from '../tenantPath.js'
import { issueUserTokens, type UserTokenResponse } from '../userTokens.js'

/**
 * Answers the device code grant: not yet, or with the tokens of whoever approved it.
 *
 * @param service The emulator.
 * @param exchange The token request; MSAL calls the code `code`, the standard `device_code`.
 * @param app The app on the device.
 * @param path The tenant that it asks.
 * @returns The token response.
 * @throws {EntraError} 70016 while it is pending, or when the request is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.4 RFC 8628, section 3.4}
 */
export async function deviceCode(
  service: Service,
  exchange: Exchange,
  app: App,
  path: TenantPath,
): Promise<UserTokenResponse> {
  const { form, now } = exchange
  const code = form.get('device_code') || form.get('code')
  if (!code) throw new EntraError(900144, { parameter: 'device_code' })
  const authentication = await authenticateUserClient(service, app, exchange, path)
  const entry = service.memory.deviceCodes.get(code)
  if (!entry || entry.request.client.clientId !== app.clientId) throw new EntraError(70018)
  if (path.tenant && entry.request.path.tenant && path.tenant.id !== entry.request.path.tenant.id)
    throw new EntraError(700005)
  if (entry.state === 'redeemed') throw new EntraError(54005)
  if (entry.state === 'declined') throw new EntraError(65004, {}, { error: 'authorization_declined' })
  if (entry.expiresAt <= now) throw new EntraError(70020)
  if (entry.state === 'pending') throw pending(service, entry, now)

  entry.state = 'redeemed'
  const { userId, signIn } = entry.approval!
  const user = service.directory.users.get(userId)
  if (!user || isRevoked(service.memory, signIn)) throw revokedGrant(service, signIn)
  return issueUserTokens(service, exchange, {
    ...{ client: app, path, authentication, signIn },
    identity: findIdentity(service.directory, entry.request.path, app, user),
    scope: form.get('scope') || entry.request.scope,
    claims: form.get('claims') ? readClaims(form.get('claims')) : entry.request.claims,
  })
}

function pending({ slowDown }: Service, entry: DeviceCode, now: number): EntraError {
  const isTooFast = slowDown && entry.polledAt !== undefined && now - entry.polledAt < entry.interval * 1000
  entry.polledAt = now
  if (!isTooFast) return new EntraError(70016)
  entry.interval += 5
  return new EntraError(70016, {}, { error: 'slow_down' })
}
