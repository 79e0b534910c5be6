import type { App } from './App.js'
import { createConsents, type Consents } from './consents.js'
import type { ManagedIdentity } from './ManagedIdentity.js'
import type { Tenant } from './Tenant.js'
import type { User } from './User.js'

/** The tenants, apps and users of an emulator; can be extended while it runs. */
export interface Directory {
  /** By tenant ID in lower case. */
  readonly tenants: ReadonlyMap<string, Tenant>
  /** By client ID in lower case. */
  readonly apps: ReadonlyMap<string, App>
  /** By object ID in lower case. */
  readonly users: ReadonlyMap<string, User>
  /** By client ID in lower case. */
  readonly managedIdentities: ReadonlyMap<string, ManagedIdentity>
  /** Who has consented to what, apart from what apps are registered with. */
  readonly consents: Consents
  /** Adds a tenant, or replaces the one with the same ID. */
  addTenant(tenant: Tenant): void
  /** Adds an app, or replaces the one with the same client ID. */
  addApp(app: App): void
  /** Adds a user, or replaces the one with the same object ID. */
  addUser(user: User): void
  /** Adds a managed identity, or replaces the one with the same client ID. */
  addManagedIdentity(identity: ManagedIdentity): void
  /** Finds a tenant by ID or by one of its domains. */
  findTenant(idOrDomain: string): Tenant | undefined
  /** Finds an app that the tenant has registered or installed. */
  findApp(tenantId: string, clientId: string): App | undefined
  /** Finds an API of the tenant by identifier URI or client ID. */
  findApi(tenantId: string, identifier: string): App | undefined
  /** Finds a user by username; one of that home tenant first, where it is given. */
  findUser(username: string, tenantId?: string): User | undefined
  /** Finds a user by an object ID, in the home tenant or as a guest. */
  findUserById(id: string): User | undefined
}

/**
 * Makes a directory.
 *
 * @param tenants The first tenants.
 * @param apps The first apps.
 * @param users The first users.
 * @param managedIdentities The first managed identities.
 * @returns The directory.
 * @throws {TypeError} when a tenant, an app, a user or a managed identity lacks its ID.
 */
export function createDirectory(
  tenants: Iterable<Tenant>,
  apps: Iterable<App>,
  users: Iterable<User>,
  managedIdentities: Iterable<ManagedIdentity>,
): Directory {
  const tenantsById = new Map<string, Tenant>()
  const appsById = new Map<string, App>()
  const usersById = new Map<string, User>()
  const identitiesById = new Map<string, ManagedIdentity>()

  const isIn = (app: App, tenantId: string): boolean =>
    app.tenantId === tenantId || app.installedIn === '*' || (app.installedIn?.includes(tenantId) ?? false)

  const directory: Directory = {
    tenants: tenantsById,
    apps: appsById,
    users: usersById,
    managedIdentities: identitiesById,
    consents: createConsents(),
    addTenant(tenant) {
      check('a tenant', tenant, ['id'])
      tenantsById.set(tenant.id.toLowerCase(), { ...tenant, id: tenant.id.toLowerCase() })
    },
    addApp(app) {
      check('an app', app, ['clientId', 'tenantId'])
      appsById.set(app.clientId.toLowerCase(), { ...app, tenantId: app.tenantId.toLowerCase() })
    },
    addUser(user) {
      check('a user', user, ['id', 'tenantId', 'username'])
      const id = user.id.toLowerCase()
      usersById.set(id, { ...user, id, tenantId: user.tenantId.toLowerCase() })
    },
    addManagedIdentity(identity) {
      check('a managed identity', identity, ['clientId', 'objectId', 'resourceId', 'tenantId'])
      identitiesById.set(identity.clientId.toLowerCase(), { ...identity, tenantId: identity.tenantId.toLowerCase() })
    },
    findTenant(idOrDomain) {
      const wanted = idOrDomain.toLowerCase()
      const byId = tenantsById.get(wanted)
      if (byId) return byId
      for (const tenant of tenantsById.values())
        if (tenant.domains?.some((domain) => domain.toLowerCase() === wanted)) return tenant
      return undefined
    },
    findApp(tenantId, clientId) {
      const app = appsById.get(clientId.toLowerCase())
      return app && isIn(app, tenantId) ? app : undefined
    },
    findApi(tenantId, identifier) {
      const trimmed = identifier.replace(/\/$/, '')
      for (const app of appsById.values()) {
        if (!isIn(app, tenantId)) continue
        if (app.identifierUris?.some((uri) => uri.replace(/\/$/, '') === trimmed)) return app
        if (app.identifierUris && app.clientId.toLowerCase() === trimmed.toLowerCase()) return app
      }
      return undefined
    },
    findUser(username, tenantId) {
      const wanted = username.trim().toLowerCase()
      const found = Array.from(usersById.values()).filter((user) => user.username.toLowerCase() === wanted)
      return found.find((user) => user.tenantId === tenantId) ?? found[0]
    },
    findUserById(id) {
      const wanted = id.toLowerCase()
      const isGuest = (user: User): boolean => user.guestIn?.some((guest) => guest.id.toLowerCase() === wanted) ?? false
      return usersById.get(wanted) ?? Array.from(usersById.values()).find(isGuest)
    },
  }
  for (const tenant of tenants) directory.addTenant(tenant)
  for (const app of apps) directory.addApp(app)
  for (const user of users) directory.addUser(user)
  for (const identity of managedIdentities) directory.addManagedIdentity(identity)
  return directory
}

function check<T extends object>(kind: string, entry: T, names: readonly (keyof T & string)[]): void {
  if (typeof entry !== 'object' || entry === null) throw new TypeError(`Cannot add ${kind}: expected an object`)
  for (const name of names) {
    const value: unknown = entry[name]
    if (value === undefined || value === '') throw new TypeError(`Cannot add ${kind}: ${name} is missing`)
    if (typeof value !== 'string') throw new TypeError(`Cannot add ${kind}: ${name} must be a string`)
  }
}
