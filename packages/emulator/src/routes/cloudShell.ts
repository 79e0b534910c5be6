import type { Exchange, Service } from '../Exchange.js'
import { defaultUserId } from '../seed.js'
import { randomBase64url } from '../randomBase64url.js'

/** The app that Azure Cloud Shell is to the APIs. */
const shellId = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

/**
 * Answers Azure Cloud Shell's endpoint: a token of the user who opened the shell.
 *
 * @param service The emulator.
 * @param exchange The request; its form has the resource.
 * @returns The token.
 */
export async function cloudShell(service: Service, { request, form, now }: Exchange): Promise<Response> {
  const { directory, tokenLifetime, signing } = service
  if (request.headers.get('metadata') !== 'true') return refuse('BadRequest', 'The metadata header is missing')
  const resource = form.get('resource') ?? ''
  const [first] = directory.users.values()
  const user = directory.users.get(defaultUserId) ?? first
  const api = user && directory.findApi(user.tenantId, resource)
  if (!user || !api) return refuse('AudienceNotSupported', `The resource ${resource.slice(0, 200)} is not supported`)
  const iat = Math.floor(now / 1000)
  const token = await signing.sign({
    ...{ aud: resource, iss: `https://sts.windows.net/${user.tenantId}/`, appid: shellId, appidacr: '0', ver: '1.0' },
    ...{ iat, nbf: iat, exp: iat + tokenLifetime, uti: randomBase64url(16), idtyp: 'user', scp: 'user_impersonation' },
    ...{ oid: user.id, sub: user.id, tid: user.tenantId, name: user.name ?? user.username },
    ...{ upn: user.username, unique_name: user.username },
  })
  return Response.json({
    access_token: token,
    refresh_token: '',
    expires_in: String(tokenLifetime),
    expires_on: String(iat + tokenLifetime),
    not_before: String(iat),
    resource,
    token_type: 'Bearer',
  })
}

function refuse(code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status: 400 })
}
