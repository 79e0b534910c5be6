import { errors, jwtVerify } from 'jose'
import type { Exchange, Service } from '../Exchange.js'

/**
 * Answers a protected resource: an API that takes bearer tokens of this emulator, and says what they claim.
 *
 * The token must be for an API of the tenant; the query parameter `audience` asks for one of them.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @returns The claims, or 401 with a challenge.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3 RFC 6750, section 3}
 */
export async function resource(service: Service, exchange: Exchange): Promise<Response> {
  const bearer = /^bearer ([\w.~+/-]+=*)$/i.exec(exchange.request.headers.get('authorization') ?? '')?.[1]
  if (!bearer) return challenge(exchange)
  try {
    const { payload } = await jwtVerify(bearer, await service.signing.publicKey(), {
      algorithms: ['RS256'],
      currentDate: new Date(exchange.now),
      requiredClaims: ['aud', 'iss', 'exp', 'tid'],
    })
    const { aud, iss, tid } = payload
    if (typeof aud !== 'string' || typeof tid !== 'string') return challenge(exchange, 'The token has no audience')
    if (!service.directory.findTenant(tid) || !isIssuerOf(tid, String(iss)))
      return challenge(exchange, 'The issuer is invalid')
    const api = service.directory.findApi(tid, aud)
    const wanted = exchange.url.searchParams.get('audience')
    if (!api || (wanted && service.directory.findApi(tid, wanted) !== api))
      return challenge(exchange, 'The audience is invalid')
    return Response.json({ claims: payload })
  } catch (error) {
    if (error instanceof errors.JWTExpired) return challenge(exchange, 'The token is expired')
    if (error instanceof errors.JOSEError) return challenge(exchange, 'The signature or a claim is invalid')
    throw error
  }
}

/** The host is not looked at: the emulator answers under every name, and the signature is its own. */
function isIssuerOf(tenantId: string, issuer: string): boolean {
  if (!URL.canParse(issuer)) return false
  const { pathname } = new URL(issuer)
  return pathname === `/${tenantId}/v2.0` || pathname === `/${tenantId}/`
}

function challenge(exchange: Exchange, description?: string): Response {
  const parameters = [
    'realm=""',
    `authorization_uri="${exchange.url.origin}/common/oauth2/authorize"`,
    ...(description ? ['error="invalid_token"', `error_description="${description}"`] : []),
  ]
  const body = { error: { code: 'InvalidAuthenticationToken', message: description ?? 'No bearer token was sent' } }
  return Response.json(body, { status: 401, headers: { 'www-authenticate': `Bearer ${parameters.join(', ')}` } })
}
