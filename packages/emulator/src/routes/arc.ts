import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findManagedIdentity } from '../managedIdentity/findManagedIdentity.js'
import { issueIdentityToken } from '../managedIdentity/issueIdentityToken.js'
import { randomBase64url } from '../randomBase64url.js'
import { remember } from '../remember.js'

const names = { clientId: 'client_id', objectId: 'object_id', resourceId: 'msi_res_id' }

/**
 * Answers Azure Arc's agent: first a challenge that names a key file, then, for the key that is in it, a token.
 *
 * @param service The emulator; `arcKeyFolder` is what the challenge names.
 * @param exchange The request.
 * @returns The challenge, or a token for the machine's identity.
 */
export async function arc(service: Service, exchange: Exchange): Promise<Response> {
  const { searchParams } = exchange.url
  const { headers } = exchange.request
  if (headers.get('metadata') !== 'true')
    return refuse(400, 'invalid_request', 'Required metadata header not specified')
  const key = /^basic (.+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (key === undefined) return challenge(service)
  const isKnown = [...service.memory.arcKeys].some(
    ([path, known]) => known === key && service.memory.arcKeys.delete(path),
  )
  if (!isKnown) return refuse(401, 'unauthorized_client', 'The key is unknown, or was used already')
  // Older agents pass over the IDs, and answer with the machine's own identity.
  const found = findManagedIdentity(service.directory, searchParams, service.arcUserAssigned ? names : undefined)
  if (!found) return refuse(404, 'not_found', 'The identity was not found')
  try {
    const { token, resource, expiresIn, expiresOn, notBefore } = await issueIdentityToken(
      service,
      exchange,
      found.identity,
    )
    return Response.json({
      access_token: token,
      expires_in: expiresIn,
      expires_on: String(expiresOn),
      not_before: String(notBefore),
      resource,
      token_type: 'Bearer',
      ...found.echo,
    })
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    return refuse(400, 'invalid_resource', `AADSTS${error.number}: ${error.message}`)
  }
}

async function challenge({ memory, arcKeyFolder, writeArcKey }: Service): Promise<Response> {
  const separator = arcKeyFolder.includes('\\') ? '\\' : '/'
  const path = `${arcKeyFolder}${separator}${crypto.randomUUID()}.key`
  const key = randomBase64url(32)
  remember(memory.arcKeys, path, key, 100)
  await writeArcKey?.(path, key)
  const response = refuse(401, 'unauthorized_client', 'Read the key file')
  response.headers.set('www-authenticate', `Basic realm=${path}`)
  return response
}

function refuse(status: number, error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status })
}
