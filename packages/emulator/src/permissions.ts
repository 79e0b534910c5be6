import type { App } from './App.js'
import type { Directory } from './directory.js'
import { EntraError } from './EntraError.js'
import type { RequestedScopes, ResourceScopes } from './scopes.js'

/** Who uses which app in which tenant. */
export interface PermissionHolder {
  readonly client: App
  readonly tenantId: string
  /** The object ID in that tenant. */
  readonly userId: string
}

/**
 * Lists the delegated permissions of an API that an app may use for a user.
 *
 * @param directory Where consents are kept.
 * @param holder The app and the user.
 * @param api The API.
 * @returns The permissions, as the API spells them, in its order.
 */
export function grantedPermissions(directory: Directory, holder: PermissionHolder, api: App): readonly string[] {
  const { client } = holder
  const all = api.scopes?.map(({ value }) => value) ?? []
  if (client.isFirstParty || api.clientId === client.clientId) return all
  const granted = new Set([
    ...(client.isAdminConsented ? (client.permissions?.[api.clientId] ?? []) : []),
    ...directory.consents.list({ ...holder, clientId: client.clientId, apiId: api.clientId }),
  ])
  return all.filter((name) => granted.has(name))
}

/**
 * Lists the permissions that a request is for and that nobody has consented to.
 *
 * @param directory Where consents are kept.
 * @param holder The app and the user.
 * @param scopes The request's scopes.
 * @returns For each resource, what is missing; empty when nothing is.
 * @throws {EntraError} 650057 for `.default` of a resource that the app is not registered for.
 */
export function missingPermissions(
  directory: Directory,
  holder: PermissionHolder,
  scopes: RequestedScopes,
): readonly { readonly api: App; readonly names: readonly string[] }[] {
  return scopes.resources
    .map((requested) => {
      const granted = grantedPermissions(directory, holder, requested.api)
      const wanted = wantedPermissions(holder.client, requested, granted)
      return { api: requested.api, names: wanted.filter((name) => !granted.includes(name)) }
    })
    .filter(({ names }) => names.length > 0)
}

/**
 * Lists the permissions that a request is for: those that it names, and what `.default` stands for.
 *
 * @param client The app.
 * @param requested The scopes of one resource.
 * @param granted What the app may use already.
 * @returns The permissions.
 * @throws {EntraError} 650057 for `.default` of a resource that the app is not registered for.
 */
export function wantedPermissions(
  client: App,
  requested: ResourceScopes,
  granted: readonly string[],
): readonly string[] {
  if (!requested.isDefault) return requested.names
  const registered = client.permissions?.[requested.api.clientId]
  if (!registered && granted.length === 0 && requested.api.clientId !== client.clientId)
    throw new EntraError(650057, { app: client.name ?? client.clientId, resource: requested.api.clientId })
  return [...requested.names, ...(registered ?? [])]
}
