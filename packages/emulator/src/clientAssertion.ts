import { decodeJwt, decodeProtectedHeader, errors, importJWK, importX509, jwtVerify } from 'jose'
import type { CryptoKey, JWTPayload, ProtectedHeaderParameters } from 'jose'
import { findCloud } from './clouds.js'
import type { App } from './App.js'
import { EntraError } from './EntraError.js'
import type { Exchange, Service } from './Exchange.js'
import { decodePem } from './pem.js'
import { verifyFederatedAssertion } from './federatedAssertion.js'
import type { TenantPath } from './tenantPath.js'
import { thumbprint } from './thumbprint.js'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const algorithms = ['RS256', 'PS256']

/**
 * Verifies a client assertion that the app signed with a key registered for it, or somebody else whom it trusts.
 *
 * @param service The emulator.
 * @param assertion The `client_assertion`.
 * @param app The app that must have signed it.
 * @param exchange The token request.
 * @param path The tenant that it was sent to.
 * @throws {EntraError} 700027 for an unknown key or a bad signature, 700024 outside its time range, 700021 and 700023
 *   for wrong claims, 70021x for a federated one, 50027 for what is not a JWT.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-3 RFC 7523, section 3}
 */
export async function verifyClientAssertion(
  service: Service,
  assertion: string,
  app: App,
  exchange: Exchange,
  path: TenantPath,
): Promise<void> {
  const type = exchange.form.get('client_assertion_type')
  if (!type) throw new EntraError(900144, { parameter: 'client_assertion_type' })
  if (type !== assertionType) throw new EntraError(9002313, { reason: 'client_assertion_type is not supported' })

  const { header, claims } = decode(assertion)
  if (claims.iss !== app.clientId && app.federatedCredentials)
    return verifyFederatedAssertion(assertion, claims, app, service.signing, exchange.now)
  if (claims.iss !== app.clientId || claims.sub !== app.clientId) throw new EntraError(700021)
  const audience = [claims.aud].flat()
  if (!audience.some((value) => isAudience(value, exchange, path)))
    throw new EntraError(700023, { audience: audience.join(' ') })

  const name = unpadded(header['x5t#S256'] ?? header.x5t ?? header.kid)
  const key = await findKey(app, header)
  if (!key) throw new EntraError(700027, { reason: 'The key was not found.', key: name })
  try {
    await jwtVerify(assertion, key, {
      algorithms,
      currentDate: new Date(exchange.now),
      clockTolerance: 300,
      requiredClaims: ['exp'],
    })
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed)
      throw new EntraError(700024, { now: iso(exchange.now / 1000), from: iso(claims.nbf), to: iso(claims.exp) })
    throw new EntraError(700027, { reason: 'The key was found, but the signature is wrong.', key: name })
  }
}

function decode(assertion: string): { header: ProtectedHeaderParameters; claims: JWTPayload } {
  try {
    const header = decodeProtectedHeader(assertion)
    if (!algorithms.includes(header.alg ?? '')) throw new EntraError(50027, { reason: 'alg must be PS256 or RS256' })
    return { header, claims: decodeJwt(assertion) }
  } catch (error) {
    if (error instanceof EntraError) throw error
    throw new EntraError(50027, { reason: 'it cannot be decoded' })
  }
}

/**
 * The audience may name the tenant by ID or as it was called, on any host of the cloud, and may be the issuer.
 * On a port the emulator stands in for every cloud: a client whose requests are sent there signs for the true host.
 */
function isAudience(audience: unknown, exchange: Exchange, path: TenantPath): boolean {
  if (typeof audience !== 'string' || !URL.canParse(audience)) return false
  const url = new URL(audience)
  const cloud = findCloud(exchange.url.host)
  const audienceCloud = findCloud(url.host)
  if (url.host !== exchange.url.host && (!audienceCloud || (cloud && audienceCloud !== cloud))) return false
  const match = /^\/([^/]+)(?:\/oauth2)?\/v2\.0(?:\/token)?\/?$/.exec(url.pathname)
  const segment = match?.[1]?.toLowerCase()
  const names = [path.segment, path.tenant?.id, ...(path.tenant?.domains ?? [])]
  return segment !== undefined && names.includes(segment)
}

async function findKey(app: App, header: ProtectedHeaderParameters): Promise<CryptoKey | Uint8Array | undefined> {
  const alg = header.alg ?? ''
  const jwk = app.publicKeys?.find((candidate) => candidate.kid !== undefined && candidate.kid === header.kid)
  if (jwk) return importJWK(jwk, alg)
  for (const pem of app.certificates ?? []) {
    const certificate = decodePem(pem)
    const sha1 = await thumbprint('SHA-1', certificate)
    const sha256 = await thumbprint('SHA-256', certificate)
    if (unpadded(header['x5t#S256']) === sha256 || unpadded(header.x5t) === sha1 || header.kid === sha1)
      return importX509(pem, alg)
  }
  return undefined
}

/** Some clients pad their thumbprints, against RFC 7515; Entra takes them. */
function unpadded(value: unknown): string {
  return typeof value === 'string' ? value.replace(/=+$/, '') : ''
}

function iso(seconds: number | undefined): string {
  const date = new Date((seconds ?? Number.NaN) * 1000)
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString()
}
