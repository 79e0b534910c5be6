import type { JWK } from 'jose'

/** A tenant of the emulated cloud. */
export interface Tenant {
  /** The tenant ID, a GUID. */
  readonly id: string
  /** Its domain names; the first is the default one. */
  readonly domains?: readonly string[] | undefined
  /** The name shown to people. */
  readonly name?: string | undefined
}

/** A client secret of an app. */
export interface AppSecret {
  /** The secret itself, as the client sends it. */
  readonly value: string
  /** ms since the epoch; never expires when undefined. */
  readonly expiresAt?: number | undefined
}

/** An app registration: a client, an API, or both. */
export interface App {
  /** The application (client) ID, a GUID. */
  readonly clientId: string
  /** The tenant that it is registered in. */
  readonly tenantId: string
  /** The name shown to people. */
  readonly name?: string | undefined
  /** Other tenants that have it installed; `'*'` for an API that every tenant has. */
  readonly installedIn?: readonly string[] | '*' | undefined
  /** Client secrets; each that has not expired is accepted. */
  readonly secrets?: readonly AppSecret[] | undefined
  /** X.509 certificates in PEM. */
  readonly certificates?: readonly string[] | undefined
  /** Public keys, found by their `kid`. */
  readonly publicKeys?: readonly JWK[] | undefined
  /** A public client: refuses every credential. */
  readonly isPublic?: boolean | undefined
  /** Refuses every sign-in. */
  readonly isDisabled?: boolean | undefined
  /** As an API: the identifier URIs that scopes start with. */
  readonly identifierUris?: readonly string[] | undefined
  /** As an API: the version of the access tokens that it accepts. @default 2 */
  readonly accessTokenVersion?: 1 | 2 | undefined
  /** Application permissions granted to it: the API's client ID → roles. */
  readonly roles?: Readonly<Record<string, readonly string[]>> | undefined
  /** `refresh_in` of its token answers, in seconds. */
  readonly refreshIn?: number | undefined
}

/** The tenants and apps of an emulator; can be extended while it runs. */
export interface Directory {
  /** By tenant ID in lower case. */
  readonly tenants: ReadonlyMap<string, Tenant>
  /** By client ID in lower case. */
  readonly apps: ReadonlyMap<string, App>
  /** Adds a tenant, or replaces the one with the same ID. */
  addTenant(tenant: Tenant): void
  /** Adds an app, or replaces the one with the same client ID. */
  addApp(app: App): void
  /** Finds a tenant by ID or by one of its domains. */
  findTenant(idOrDomain: string): Tenant | undefined
  /** Finds an app that the tenant has registered or installed. */
  findApp(tenantId: string, clientId: string): App | undefined
  /** Finds an API of the tenant by identifier URI or client ID. */
  findApi(tenantId: string, identifier: string): App | undefined
}

/**
 * Makes a directory.
 *
 * @param tenants The first tenants.
 * @param apps The first apps.
 * @returns The directory.
 * @throws {TypeError} when a tenant or an app lacks its ID.
 */
export function createDirectory(tenants: Iterable<Tenant>, apps: Iterable<App>): Directory {
  const tenantsById = new Map<string, Tenant>()
  const appsById = new Map<string, App>()

  const isIn = (app: App, tenantId: string): boolean =>
    app.tenantId === tenantId || app.installedIn === '*' || (app.installedIn?.includes(tenantId) ?? false)

  const directory: Directory = {
    tenants: tenantsById,
    apps: appsById,
    addTenant(tenant) {
      if (!tenant.id) throw new TypeError('Cannot add a tenant: id is missing')
      tenantsById.set(tenant.id.toLowerCase(), { ...tenant, id: tenant.id.toLowerCase() })
    },
    addApp(app) {
      if (!app.clientId) throw new TypeError('Cannot add an app: clientId is missing')
      if (!app.tenantId) throw new TypeError('Cannot add an app: tenantId is missing')
      appsById.set(app.clientId.toLowerCase(), { ...app, tenantId: app.tenantId.toLowerCase() })
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
  }
  for (const tenant of tenants) directory.addTenant(tenant)
  for (const app of apps) directory.addApp(app)
  return directory
}
