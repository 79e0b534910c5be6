import { signAppToken } from '../accessToken.js'
import type { App } from '../App.js'
import { readClaims } from '../claimsRequest.js'
import { authenticateClient } from '../clientAuthentication.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import type { Binding } from '../proof/Binding.js'
import type { TenantPath } from '../tenantPath.js'

/** The answer of a token endpoint to an app. */
export interface AppTokenResponse {
  readonly token_type: 'Bearer' | Binding['tokenType']
  readonly expires_in: number
  readonly ext_expires_in: number
  readonly refresh_in?: number
  readonly access_token: string
}

/**
 * Answers the client credentials grant.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param app The app that asks.
 * @param path The tenant that it asks; for `common` and `organizations` the app's own tenant answers.
 * @returns The token response.
 * @throws {EntraError} when the request is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.4 RFC 6749, section 4.4}
 */
export async function clientCredentials(
  service: Service,
  exchange: Exchange,
  app: App,
  path: TenantPath,
): Promise<AppTokenResponse> {
  const resource = readResource(exchange.form.get('scope'))
  const authentication = await authenticateClient(service, app, exchange, path)
  if (!authentication) throw new EntraError(7000216)

  const tenant = path.tenant ?? service.directory.findTenant(app.tenantId)
  if (!tenant) throw new EntraError(90002, { tenant: path.segment })
  const api = service.directory.findApi(tenant.id, resource)
  if (!api) throw new EntraError(500011, { resource, tenant: tenant.name ?? tenant.id })

  const claims = readClaims(exchange.form.get('claims'))
  const refreshIn = app.refreshIn ?? service.refreshIn
  return {
    token_type: exchange.binding?.tokenType ?? 'Bearer',
    expires_in: service.tokenLifetime,
    ext_expires_in: service.tokenLifetime,
    ...(refreshIn === undefined ? {} : { refresh_in: refreshIn }),
    access_token: await signAppToken(service, exchange, {
      ...{ app, tenant, api, resource, authentication, path },
      claims,
    }),
  }
}

/** An app gets all that was granted to it for one resource: `<resource>/.default`, and nothing else. */
function readResource(scope: string | null): string {
  const scopes = scope?.split(' ').filter(Boolean) ?? []
  if (scopes.length === 0) throw new EntraError(900144, { parameter: 'scope' })
  const resources = new Set<string>()
  for (const value of scopes) {
    if (!value.endsWith('/.default') || value === '/.default') throw new EntraError(1002012, { scope: value })
    resources.add(value.slice(0, -'/.default'.length))
  }
  const [resource, ...others] = resources
  if (resource === undefined || others.length > 0) throw new EntraError(28000, { scope: scopes.join(' ') })
  return resource
}
