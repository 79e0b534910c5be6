import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findManagedIdentity } from '../managedIdentity/findManagedIdentity.js'
import { issueIdentityToken } from '../managedIdentity/issueIdentityToken.js'
import { serviceFabricSecret } from '../managedIdentity/secrets.js'

/**
 * Answers the identity endpoint of a Service Fabric cluster: it passes over the IDs of identities. Serve it with TLS.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @returns A token for the application's identity.
 */
export async function serviceFabric(service: Service, exchange: Exchange): Promise<Response> {
  const { searchParams } = exchange.url
  if (exchange.request.headers.get('secret') !== serviceFabricSecret)
    return refuse(400, 'SecretHeaderNotFound', 'The secret header is missing or wrong')
  if (searchParams.get('api-version') !== '2019-07-01-preview')
    return refuse(400, 'InvalidApiVersion', 'The api-version is not supported')
  if (!searchParams.get('resource')) return refuse(400, 'ArgumentNullOrEmpty', 'The resource is missing')
  const found = findManagedIdentity(service.directory, searchParams, undefined)
  if (!found) return refuse(404, 'ManagedIdentityNotFound', 'The application has no identity')
  try {
    const { token, resource, expiresOn } = await issueIdentityToken(service, exchange, found.identity)
    return Response.json({ token_type: 'Bearer', access_token: token, expires_on: expiresOn, resource })
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    return refuse(400, 'GatewayError', `AADSTS${error.number}: ${error.message}`)
  }
}

function refuse(status: number, code: string, message: string): Response {
  return Response.json({ error: { correlationId: crypto.randomUUID(), code, message } }, { status })
}
