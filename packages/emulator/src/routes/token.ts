import { readClient } from '../clientAuthentication.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { clientCredentials } from '../grants/clientCredentials.js'
import { resolveTenantPath } from '../tenantPath.js'

/**
 * Answers the token endpoint: finds tenant, app and grant.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segment The tenant's path segment.
 * @returns The token response.
 * @throws {EntraError} when the request is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-3.2 RFC 6749, section 3.2}
 */
export async function token(service: Service, exchange: Exchange, segment: string): Promise<Response> {
  const path = resolveTenantPath(service.directory, segment)
  const names = [...exchange.form.keys()]
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) throw new EntraError(9002313, { reason: 'a parameter is repeated' })

  const grant = exchange.form.get('grant_type')
  if (!grant) throw new EntraError(900144, { parameter: 'grant_type' })
  if (grant !== 'client_credentials') throw new EntraError(70003, { grant })

  const { clientId } = readClient(exchange)
  if (!clientId) throw new EntraError(900144, { parameter: 'client_id' })
  const app = path.tenant
    ? service.directory.findApp(path.tenant.id, clientId)
    : service.directory.apps.get(clientId.toLowerCase())
  if (!app) throw new EntraError(700016, { app: clientId, tenant: path.tenant?.name ?? path.segment })
  if (app.isDisabled) throw new EntraError(7000112, { app: clientId })

  return Response.json(await clientCredentials(service, exchange, app, path), {
    headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
  })
}
