import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findManagedIdentity } from '../managedIdentity/findManagedIdentity.js'
import { issueIdentityToken } from '../managedIdentity/issueIdentityToken.js'
import { machineLearningSecret } from '../managedIdentity/secrets.js'

const names = { clientId: 'clientid', objectId: 'object_id', resourceId: 'msi_res_id' }

/**
 * Answers the identity endpoint of Azure Machine Learning's compute.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @returns A token for the compute's identity, or the one that is asked for.
 */
export async function machineLearning(service: Service, exchange: Exchange): Promise<Response> {
  const { searchParams } = exchange.url
  if (exchange.request.headers.get('secret') !== machineLearningSecret)
    return refuse(401, 'The secret is missing or wrong')
  if (searchParams.get('api-version') !== '2017-09-01') return refuse(400, 'The api-version is not supported')
  const found = findManagedIdentity(service.directory, searchParams, names)
  if (!found) return refuse(400, 'The identity was not found')
  try {
    const { token, resource, expiresOn } = await issueIdentityToken(service, exchange, found.identity)
    return Response.json({ access_token: token, expires_on: String(expiresOn), resource, token_type: 'Bearer' })
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    return refuse(400, `AADSTS${error.number}: ${error.message}`)
  }
}

function refuse(status: number, message: string): Response {
  return Response.json({ error: { code: 'UserError', message } }, { status })
}
