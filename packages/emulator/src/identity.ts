import type { App } from './App.js'
import type { Directory } from './directory.js'
import { EntraError } from './EntraError.js'
import { findFederation } from './federation/findFederation.js'
import { consumersTenantId } from './seed.js'
import type { Tenant } from './Tenant.js'
import type { TenantPath } from './tenantPath.js'
import type { User } from './User.js'

/** A user as one tenant knows them. */
export interface Identity {
  readonly user: User
  /** The tenant whose tokens the user gets. */
  readonly tenant: Tenant
  /** The object ID there. */
  readonly id: string
}

/**
 * Finds out who a user is in the tenant of a request: a member, a guest, or nobody.
 *
 * @param directory Where tenants and apps are looked up.
 * @param path The tenant of the request; for `common` and `organizations` it is the user's own.
 * @param client The app that the user signs in to, which the tenant must have.
 * @param user The user.
 * @returns The identity.
 * @throws {EntraError} 50020 when the user has none there, 700016 when the tenant does not have the app.
 */
export function findIdentity(directory: Directory, path: TenantPath, client: App, user: User): Identity {
  const tenant = path.tenant ?? directory.findTenant(user.tenantId)
  const id = tenant && isAdmitted(directory, path, user, tenant) ? objectIdIn(user, tenant.id) : undefined
  if (!tenant || id === undefined)
    throw new EntraError(50020, {
      user: user.username,
      tenant: path.tenant?.name ?? path.segment,
      app: client.name ?? client.clientId,
    })
  if (!directory.findApp(tenant.id, client.clientId))
    throw new EntraError(700016, { app: client.clientId, tenant: tenant.name ?? tenant.id })
  return { user, tenant, id }
}

/**
 * Names the object ID that a user has in a tenant.
 *
 * @param user The user.
 * @param tenantId The tenant.
 * @returns The ID of the member or guest; undefined for others.
 */
export function objectIdIn(user: User, tenantId: string): string | undefined {
  if (user.tenantId === tenantId) return user.id
  return user.guestIn?.find((guest) => guest.tenantId.toLowerCase() === tenantId)?.id.toLowerCase()
}

/**
 * Tells whether a user has an identity where a request goes.
 *
 * @param directory Where tenants and apps are looked up.
 * @param path The tenant of the request.
 * @param client The app that the user signs in to.
 * @param user The user.
 * @returns Whether {@link findIdentity} finds one.
 */
export function hasIdentity(directory: Directory, path: TenantPath, client: App, user: User): boolean {
  try {
    return findIdentity(directory, path, client, user) !== undefined
  } catch {
    return false
  }
}

function isAdmitted(directory: Directory, path: TenantPath, user: User, tenant: Tenant): boolean {
  if (path.segment === 'organizations' && user.tenantId === consumersTenantId) return false
  if (path.shape === 'adfs') return findFederation(directory, user.username)?.tenant.id === user.tenantId
  // customers of B2C and External ID are unknown outside of their tenant
  return path.tenant !== undefined || tenant.kind === undefined || tenant.kind === 'workforce'
}
