import type { App } from './App.js'
import type { Directory } from './directory.js'
import { EntraError } from './EntraError.js'
import { graphId } from './seed.js'

/** The scopes of one resource that a request names. */
export interface ResourceScopes {
  /** The API. */
  readonly api: App
  /** The resource as the request names it; empty where scopes stand without one. */
  readonly resource: string
  /** The delegated permissions, as the API spells them. */
  readonly names: readonly string[]
  /** All that the client is registered for: `<resource>/.default`. */
  readonly isDefault: boolean
  /** The client's own ID stands for itself, as in B2C. */
  readonly isClientId: boolean
}

/** The scopes of a request. */
export interface RequestedScopes {
  /** `openid`, `profile`, `email` and `offline_access`, those that were asked for. */
  readonly openid: ReadonlySet<string>
  /** The resources, in the order in which they are named. */
  readonly resources: readonly ResourceScopes[]
}

const openidScopes: ReadonlySet<string> = /* @__PURE__ */ new Set(['openid', 'profile', 'email', 'offline_access'])

/**
 * Reads a scope parameter.
 *
 * @param directory Where APIs are looked up.
 * @param client The app that asks.
 * @param tenantId The tenant whose APIs are meant.
 * @param scope The parameter.
 * @returns The scopes.
 * @throws {EntraError} 70011 for what cannot be a scope, 500011 for an unknown resource, 650053 for a permission that the
 *   resource does not have.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-3.3 RFC 6749, section 3.3}
 */
export function readScopes(directory: Directory, client: App, tenantId: string, scope: string): RequestedScopes {
  const openid = new Set<string>()
  const resources = new Map<App, ResourceScopes>()
  for (const value of scope.split(/\s+/).filter(Boolean)) {
    if (openidScopes.has(value.toLowerCase())) {
      openid.add(value.toLowerCase())
      continue
    }
    const read = readScope(directory, client, tenantId, value)
    const known = resources.get(read.api)
    resources.set(read.api, {
      ...read,
      resource: known?.resource || read.resource,
      names: Array.from(new Set([...(known?.names ?? []), ...read.names])),
      isDefault: read.isDefault || (known?.isDefault ?? false),
      isClientId: read.isClientId || (known?.isClientId ?? false),
    })
  }
  return { openid, resources: [...resources.values()] }
}

function readScope(directory: Directory, client: App, tenantId: string, value: string): ResourceScopes {
  const slash = value.lastIndexOf('/')
  const resource = slash < 0 ? '' : value.slice(0, slash)
  const name = value.slice(slash + 1)
  if (name === '' || (slash >= 0 && resource === '')) throw new EntraError(70011, { scope: value })
  if (slash < 0 && name.toLowerCase() === client.clientId.toLowerCase())
    return { api: client, resource: '', names: [], isDefault: false, isClientId: true }

  const isOwn = resource.toLowerCase() === client.clientId.toLowerCase()
  const api = isOwn ? client : directory.findApi(tenantId, resource || graphId)
  if (!api) throw new EntraError(500011, { resource, tenant: tenantId })
  if (name === '.default') return { api, resource, names: [], isDefault: true, isClientId: false }
  const known = api.scopes?.find((candidate) => candidate.value.toLowerCase() === name.toLowerCase())
  if (!known) throw new EntraError(650053, { app: client.name ?? client.clientId, scope: name, resource: api.clientId })
  return { api, resource, names: [known.value], isDefault: false, isClientId: false }
}
