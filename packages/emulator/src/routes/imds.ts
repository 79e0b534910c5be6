import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findManagedIdentity } from '../managedIdentity/findManagedIdentity.js'
import { issueIdentityToken } from '../managedIdentity/issueIdentityToken.js'

const names = { clientId: 'client_id', objectId: 'object_id', resourceId: 'msi_res_id' }

/**
 * Answers the instance metadata service of a virtual machine.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @returns A token for the identity that the machine has, or the one that is asked for.
 */
export async function imds(service: Service, exchange: Exchange): Promise<Response> {
  const { searchParams } = exchange.url
  if (exchange.request.headers.get('metadata') !== 'true')
    return refuse('invalid_request', 'Required metadata header not specified')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(searchParams.get('api-version') ?? ''))
    return refuse('invalid_request', 'A valid api-version is required')
  const found = findManagedIdentity(service.directory, searchParams, names)
  if (!found) return refuse('invalid_request', 'Identity not found')
  try {
    const { token, resource, expiresIn, expiresOn, notBefore } = await issueIdentityToken(
      service,
      exchange,
      found.identity,
    )
    return Response.json({
      access_token: token,
      client_id: found.identity.clientId,
      ...found.echo,
      expires_in: String(expiresIn),
      expires_on: String(expiresOn),
      ext_expires_in: String(expiresIn),
      not_before: String(notBefore),
      resource,
      token_type: 'Bearer',
    })
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    return refuse('invalid_resource', `AADSTS${error.number}: ${error.message}`)
  }
}

function refuse(error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status: 400 })
}
