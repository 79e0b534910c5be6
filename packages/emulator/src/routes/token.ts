import { readClient } from '../clientAuthentication.js'
import type { App } from '../App.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { authorizationCode } from '../grants/authorizationCode.js'
import { clientCredentials } from '../grants/clientCredentials.js'
import { deviceCode } from '../grants/deviceCode.js'
import { onBehalfOf } from '../grants/onBehalfOf.js'
import { password } from '../grants/password.js'
import { refreshToken } from '../grants/refreshToken.js'
import { samlBearer } from '../grants/samlBearer.js'
import { ProofError } from '../proof/ProofError.js'
import { readBinding } from '../proof/readBinding.js'
import { resolveTenantPath, type PathSegments, type TenantPath } from '../tenantPath.js'

type Grant = (service: Service, exchange: Exchange, app: App, path: TenantPath) => Promise<object>

const grants: ReadonlyMap<string, Grant> = /* @__PURE__ */ new Map<string, Grant>([
  ['authorization_code', authorizationCode],
  ['client_credentials', clientCredentials],
  ['device_code', deviceCode], // older clients
  ['password', password],
  ['refresh_token', refreshToken],
  ['urn:ietf:params:oauth:grant-type:device_code', deviceCode],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', onBehalfOf],
  ['urn:ietf:params:oauth:grant-type:saml1_1-bearer', samlBearer],
  ['urn:ietf:params:oauth:grant-type:saml2-bearer', samlBearer],
])

/**
 * Answers the token endpoint: finds tenant, app and grant.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segments What its path names.
 * @returns The token response.
 * @throws {EntraError} when the request is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-3.2 RFC 6749, section 3.2}
 */
export async function token(service: Service, exchange: Exchange, segments: PathSegments): Promise<Response> {
  const path = resolveTenantPath(service.directory, exchange.url, segments)
  const names = [...exchange.form.keys()]
  if (new Set(names).size < names.length) throw new EntraError(9002313, { reason: 'a parameter is repeated' })

  const type = exchange.form.get('grant_type')
  if (!type) throw new EntraError(900144, { parameter: 'grant_type' })
  const grant = grants.get(type)
  if (!grant) throw new EntraError(70003, { grant: type })

  const { clientId } = readClient(exchange)
  if (!clientId) throw new EntraError(900144, { parameter: 'client_id' })
  const app = path.tenant
    ? service.directory.findApp(path.tenant.id, clientId)
    : service.directory.apps.get(clientId.toLowerCase())
  if (!app) throw new EntraError(700016, { app: clientId, tenant: path.tenant?.name ?? path.segment })
  if (app.isDisabled) throw new EntraError(7000112, { app: clientId })

  const headers = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' }
  try {
    const binding = await readBinding(service, exchange)
    return Response.json(await grant(service, { ...exchange, binding }, app, path), { headers })
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    const { message, nonce } = error
    return Response.json(
      { error: nonce === undefined ? 'invalid_dpop_proof' : 'use_dpop_nonce', error_description: message },
      { status: 400, headers: nonce === undefined ? headers : { ...headers, 'dpop-nonce': nonce } },
    )
  }
}
