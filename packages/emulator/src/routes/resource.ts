import { errors, jwtVerify, type JWTPayload } from 'jose'
import type { Exchange, Service } from '../Exchange.js'
import { isRevoked } from '../memory.js'
import { checkDpop } from '../proof/dpop.js'
import { ProofError } from '../proof/ProofError.js'
import { checkSignedRequest } from '../proof/signedRequest.js'

/** Why a resource refuses a request. */
interface Refusal {
  readonly status: 401 | 403
  readonly error?: 'invalid_token' | 'insufficient_scope' | 'insufficient_claims'
  readonly description?: string
  /** The claims to ask for, as JSON. */
  readonly claims?: string
  /** How the token was sent. */
  readonly scheme?: string | undefined
  /** A nonce for the next proof. */
  readonly nonce?: string | undefined
}

/**
 * Answers a protected resource: an API that takes tokens of this emulator, and says what they claim; bound ones with a proof, as a
 * signed HTTP request (`PoP`) or with DPoP.
 *
 * The token must be for an API of its tenant. Query parameters ask for more: `audience` for one API, `scope` for delegated
 * permissions, `acrs` for an authentication context, `nonce=required` for proofs with a nonce. Tokens of users whose sessions were ended are refused: with a claims
 * challenge where the client has said that it can handle one (`CP1`).
 *
 * @param service The emulator.
 * @param exchange The request.
 * @returns The claims, 401 with a challenge, or 403.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3 RFC 6750, section 3}
 */
export async function resource(service: Service, exchange: Exchange): Promise<Response> {
  const header = exchange.request.headers.get('authorization') ?? ''
  const [, scheme = '', token = ''] = /^(bearer|pop|dpop) ([\w.~+/-]+=*)$/i.exec(header) ?? []
  if (!token) return refuse(exchange, { status: 401 })
  const answer = (refusal: Refusal): Response => refuse(exchange, { ...refusal, scheme: schemes[scheme.toLowerCase()] })
  try {
    const { accessToken, keyId } = await checkPossession(service, exchange, scheme.toLowerCase(), token)
    const { payload } = await jwtVerify(accessToken, await service.signing.publicKey(), {
      algorithms: ['RS256'],
      currentDate: new Date(exchange.now),
      requiredClaims: ['aud', 'iss', 'exp'],
    })
    const refusal =
      checkKey(scheme.toLowerCase(), payload, keyId) ??
      checkApi(service, exchange, payload) ??
      checkSession(service, payload) ??
      checkDemands(exchange, payload)
    return refusal ? answer(refusal) : Response.json({ claims: payload })
  } catch (error) {
    if (error instanceof ProofError) return answer({ ...invalid(error.message), nonce: error.nonce })
    if (error instanceof errors.JWTExpired) return answer(invalid('The token is expired'))
    if (error instanceof errors.JOSEError) return answer(invalid('The signature or a claim is invalid'))
    throw error
  }
}

const schemes: Readonly<Record<string, string>> = { bearer: 'Bearer', pop: 'PoP', dpop: 'DPoP' }

/** Reads the token, and which key its sender has shown to have. */
async function checkPossession(
  service: Service,
  exchange: Exchange,
  scheme: string,
  token: string,
): Promise<{ readonly accessToken: string; readonly keyId?: string }> {
  const wantsNonce = service.proofNonces || exchange.url.searchParams.get('nonce') === 'required'
  if (scheme === 'pop') return checkSignedRequest(service, exchange, token, wantsNonce)
  if (scheme !== 'dpop') return { accessToken: token }
  return { accessToken: token, keyId: await checkDpop(service, exchange, token, wantsNonce) }
}

function checkKey(scheme: string, { cnf }: JWTPayload, keyId: string | undefined): Refusal | undefined {
  const { kid, jkt } = Object(cnf) as { readonly kid?: string; readonly jkt?: string }
  const bound = scheme === 'pop' ? kid : scheme === 'dpop' ? jkt : (kid ?? jkt)
  return bound === keyId && (scheme === 'bearer' || keyId !== undefined)
    ? undefined
    : invalid('The token is bound to another key, or its proof is missing')
}

function checkApi({ directory }: Service, { url }: Exchange, { aud, iss, tid }: JWTPayload): Refusal | undefined {
  if (typeof aud !== 'string') return invalid('The token has no audience')
  const tenantId = typeof tid === 'string' ? tid : tenantIdOf(String(iss))
  if (tenantId !== undefined && (!directory.findTenant(tenantId) || !isIssuerOf(tenantId, String(iss))))
    return invalid('The issuer is invalid')
  // AD FS does not name the tenant: it has one only
  const tenants = tenantId === undefined ? [...directory.tenants.keys()] : [tenantId]
  const find = (name: string) => tenants.map((id) => directory.findApi(id, name)).find(Boolean)
  const api = find(aud)
  const wanted = url.searchParams.get('audience')
  return !api || (wanted && find(wanted) !== api) ? invalid('The audience is invalid') : undefined
}

/** What the real service does within minutes happens at once here. */
function checkSession({ directory, memory }: Service, payload: JWTPayload): Refusal | undefined {
  const { oid, upn, sid, iat = 0, idtyp } = payload
  if (idtyp === 'app') return undefined
  const user = directory.findUserById(String(oid)) ?? directory.findUser(String(upn))
  if (!user) return undefined
  const isEnded = isRevoked(memory, { id: String(sid), userId: user.id, at: iat * 1000 })
  if (!isEnded && !user.isDisabled) return undefined
  const since = Math.floor((memory.revokedAt.get(user.id) ?? iat * 1000) / 1000)
  const claims = { access_token: { nbf: { essential: true, value: String(since) } } }
  return challenge(payload, claims, 'The sessions of the user were ended')
}

function checkDemands({ url }: Exchange, payload: JWTPayload): Refusal | undefined {
  const scopes = url.searchParams.get('scope')?.split(' ').filter(Boolean) ?? []
  const granted = String(payload.scp ?? '').split(' ')
  if (scopes.some((scope) => !granted.includes(scope)))
    return { status: 403, error: 'insufficient_scope', description: 'The token lacks a permission' }
  const acr = url.searchParams.get('acrs')
  if (!acr || (Array.isArray(payload.acrs) && payload.acrs.includes(acr))) return undefined
  const claims = { access_token: { acrs: { essential: true, value: acr } } }
  return challenge(payload, claims, 'The token lacks an authentication context')
}

function challenge({ xms_cc }: JWTPayload, claims: object, description: string): Refusal {
  const isCapable = Array.isArray(xms_cc) && xms_cc.some((name) => String(name).toUpperCase() === 'CP1')
  if (!isCapable) return invalid(description)
  return { status: 401, error: 'insufficient_claims', description, claims: JSON.stringify(claims) }
}

function invalid(description: string): Refusal {
  return { status: 401, error: 'invalid_token', description }
}

/** The host is not looked at: the emulator answers under every name, and the signature is its own. */
function isIssuerOf(tenantId: string, issuer: string): boolean {
  if (!URL.canParse(issuer)) return false
  const { pathname } = new URL(issuer)
  return pathname === `/${tenantId}/v2.0` || pathname === `/${tenantId}/` || tenantIdOf(issuer) === tenantId
}

/** Tokens of B2C name the tenant in the issuer alone. */
function tenantIdOf(issuer: string): string | undefined {
  if (!URL.canParse(issuer)) return undefined
  return /^(?:\/tfp)?\/([\w-]{36})(?:\/[^/]+)?\/v2\.0\/$/.exec(new URL(issuer).pathname)?.[1]
}

function refuse({ url }: Exchange, refusal: Refusal): Response {
  const { status, description, claims, scheme = 'Bearer', nonce } = refusal
  const isDpop = scheme === 'DPoP'
  const error = isDpop && nonce !== undefined ? 'use_dpop_nonce' : refusal.error
  const parameters = [
    'realm=""',
    `authorization_uri="${url.origin}/common/oauth2/authorize"`,
    ...(error ? [`error="${error}"`] : []),
    ...(description ? [`error_description="${description}"`] : []),
    ...(claims ? [`claims="${base64(claims)}"`] : []),
    ...(nonce && !isDpop ? [`nonce="${nonce}"`] : []),
  ]
  const message = description ?? 'No token was sent'
  const code = status === 403 ? 'Authorization_RequestDenied' : 'InvalidAuthenticationToken'
  const headers = {
    'www-authenticate': `${scheme} ${parameters.join(', ')}`,
    ...(nonce && isDpop ? { 'dpop-nonce': nonce } : {}),
  }
  return Response.json({ error: { code, message } }, { status, headers })
}

/** What is asked for comes from the URL, and may be more than ASCII. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
