import type { App, RedirectKind } from './App.js'
import { authenticateClient, type ClientAuthentication } from './clientAuthentication.js'
import { EntraError } from './EntraError.js'
import type { Exchange, Service } from './Exchange.js'
import type { TenantPath } from './tenantPath.js'

/**
 * Authenticates the app of a user's token request: a confidential client must prove who it is, a public one must not try.
 *
 * @param service The emulator.
 * @param app The app.
 * @param exchange The token request.
 * @param path The tenant that it was sent to.
 * @param redirectKind Where the code was sent to; undefined for grants without one.
 * @returns How it proved who it is; undefined for a public client.
 * @throws {EntraError} 7000218 without a credential, 700025 with one that must not be there.
 */
export async function authenticateUserClient(
  service: Service,
  app: App,
  exchange: Exchange,
  path: TenantPath,
  redirectKind?: RedirectKind,
): Promise<ClientAuthentication | undefined> {
  const isPublic = app.isPublic === true || redirectKind === 'spa' || redirectKind === 'publicClient'
  const authentication = await authenticateClient(service, isPublic ? { ...app, isPublic } : app, exchange, path)
  if (!authentication && !isPublic) throw new EntraError(7000218)
  return authentication
}

/**
 * Checks that a page redeems what was issued to a page, and nobody else.
 *
 * @param exchange The token request.
 * @param redirectKind Where the code was sent to.
 * @throws {EntraError} 9002327 or 9002326 when it is not so.
 */
export function checkOrigin({ origin }: Exchange, redirectKind: RedirectKind | undefined): void {
  if (origin === undefined) return
  if (redirectKind === 'spa' && origin === null) throw new EntraError(9002327)
  if (redirectKind !== 'spa' && origin !== null) throw new EntraError(9002326, { origin })
}
