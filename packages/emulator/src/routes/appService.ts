import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findManagedIdentity } from '../managedIdentity/findManagedIdentity.js'
import { issueIdentityToken } from '../managedIdentity/issueIdentityToken.js'
import { appServiceSecret } from '../managedIdentity/secrets.js'

const names = { clientId: 'client_id', objectId: 'object_id', resourceId: 'mi_res_id' }

/**
 * Answers the identity endpoint of App Service, Functions and Container Apps.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @returns A token for the app's identity, or the one that is asked for.
 */
export async function appService(service: Service, exchange: Exchange): Promise<Response> {
  const { searchParams } = exchange.url
  if (exchange.request.headers.get('x-identity-header') !== appServiceSecret)
    return refuse(401, 'The identity header is missing or wrong')
  if (searchParams.get('api-version') !== '2019-08-01') return refuse(400, 'The api-version is not supported')
  const found = findManagedIdentity(service.directory, searchParams, names)
  if (!found) return refuse(400, 'No managed identity was found for the IDs that were given')
  try {
    const { token, resource, expiresOn } = await issueIdentityToken(service, exchange, found.identity)
    return Response.json({
      access_token: token,
      expires_on: String(expiresOn),
      resource,
      token_type: 'Bearer',
      client_id: found.identity.clientId,
      ...found.echo,
    })
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    return refuse(400, `AADSTS${error.number}: ${error.message}`)
  }
}

function refuse(status: number, message: string): Response {
  return Response.json({ statusCode: status, message, correlationId: crypto.randomUUID() }, { status })
}
