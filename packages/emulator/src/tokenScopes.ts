import type { App } from './App.js'
import type { Directory } from './directory.js'
import { EntraError } from './EntraError.js'
import { grantedPermissions, missingPermissions, type PermissionHolder } from './permissions.js'
import { readScopes } from './scopes.js'
import { graphId } from './seed.js'
import type { TenantPath } from './tenantPath.js'

/** What a token request gets: the API that the access token is for, and the scopes of the answer. */
export interface TokenScopes {
  /** The API; undefined where no access token is issued. */
  readonly api?: App | undefined
  /** The API as the request names it. */
  readonly resource: string
  /** The delegated permissions, `scp`. */
  readonly permissions: readonly string[]
  /** The OpenID scopes that were asked for. */
  readonly openid: ReadonlySet<string>
  /** `scope` of the answer. */
  readonly answer: string
}

/**
 * Finds out what a token request gets for its scopes: all that was consented to for the resource, not only what it names.
 *
 * @param directory Where APIs and consents are looked up.
 * @param path What the request's path stands for.
 * @param holder The app and the user.
 * @param scope The scope parameter.
 * @returns What it gets.
 * @throws {EntraError} 28000 for more than one resource, 65001 without consent.
 */
export function readTokenScopes(
  directory: Directory,
  path: TenantPath,
  holder: PermissionHolder,
  scope: string,
): TokenScopes {
  if (path.shape === 'adfs') return readAdfsScopes(directory, holder, scope)
  const { client, tenantId } = holder
  const scopes = readScopes(directory, client, tenantId, scope)
  const { openid, resources } = scopes
  const [requested, ...others] = resources
  if (others.length > 0) throw new EntraError(28000, { scope })
  const oidc = ['openid', 'profile', 'email'].filter((name) => openid.has(name))
  if (!requested && path.shape === 'b2c')
    return { resource: '', permissions: [], openid, answer: [...openid].join(' ') }

  const api = requested?.api ?? directory.findApi(tenantId, graphId)
  if (!api) throw new EntraError(500011, { resource: graphId, tenant: tenantId })
  const [missing] = missingPermissions(directory, holder, scopes)
  if (missing)
    throw new EntraError(65001, { app: client.clientId, name: client.name ?? '', scope: missing.names.join(' ') })
  const granted = grantedPermissions(directory, holder, api)
  const permissions = requested && !requested.isClientId ? granted : granted.filter((name) => name === 'User.Read')
  const resource = requested?.resource ?? ''
  const prefix = resource === '' ? '' : `${resource}/`
  const answer = [
    ...(requested?.isClientId ? [client.clientId] : []),
    ...(requested ? permissions.map((name) => prefix + name) : []),
    ...(requested?.isDefault ? [`${prefix}.default`] : []),
    ...oidc,
    ...(path.shape === 'b2c' && openid.has('offline_access') ? ['offline_access'] : []),
  ].join(' ')
  // Graph is an OpenID Connect userinfo endpoint, too
  const scp = api.clientId === graphId ? [...permissions, ...oidc] : permissions
  return { api, resource: resource || api.clientId, permissions: scp, openid, answer }
}

/** AD FS asks nobody for consent; a token for no API of its own is for its userinfo endpoint. */
function readAdfsScopes(directory: Directory, { client, tenantId }: PermissionHolder, scope: string): TokenScopes {
  const values = scope.split(/\s+/).filter(Boolean)
  const openid = new Set(values.filter((value) => /^(openid|profile|email|offline_access)$/.test(value)))
  const names = values.filter((value) => !openid.has(value))
  for (const value of names) {
    for (const resource of [value, value.slice(0, Math.max(0, value.lastIndexOf('/')))]) {
      const api = resource && directory.findApi(tenantId, resource)
      if (api) return { api, resource, permissions: [...openid], openid, answer: values.join(' ') }
    }
  }
  const api = { ...client, clientId: 'urn:microsoft:userinfo', accessTokenVersion: 1 as const, requiresMfa: false }
  return { api, resource: api.clientId, permissions: [...openid], openid, answer: [...openid].join(' ') }
}
