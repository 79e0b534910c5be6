import { EntraError } from './EntraError.js'

/** What a request asks for in its claims parameter. */
export interface ClaimsRequest {
  /** `xms_cc`: what the client says that it can do, such as `CP1`. */
  readonly capabilities?: readonly string[] | undefined
  /** The authentication contexts that the access token must have. */
  readonly acrs: readonly string[]
  /** A policy's challenge is answered: the second factor is needed. */
  readonly needsMfa: boolean
  /** The ID token must say when the user signed in. */
  readonly wantsAuthTime: boolean
}

/** A request without a claims parameter. */
export const noClaims: ClaimsRequest = { acrs: [], needsMfa: false, wantsAuthTime: false }

/**
 * Reads a claims parameter.
 *
 * @param claims The JSON; null or empty when it was not sent.
 * @returns What it asks for; members that the emulator does not know are not looked at.
 * @throws {EntraError} 9002313 when it is not a JSON object.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter OpenID Connect, section 5.5}
 */
export function readClaims(claims: string | null): ClaimsRequest {
  if (!claims) return noClaims
  const root = parse(claims)
  const accessToken = member(root, 'access_token')
  const acrs = valuesOf(member(accessToken, 'acrs'))
  const capabilities = member(accessToken, 'xms_cc')
  return {
    capabilities: capabilities === undefined ? undefined : valuesOf(capabilities),
    acrs,
    needsMfa: acrs.length > 0 || member(accessToken, 'capolids') !== undefined,
    wantsAuthTime: isObject(root) && isObject(root.id_token) && Object.hasOwn(root.id_token, 'auth_time'),
  }
}

function parse(claims: string): unknown {
  try {
    const root: unknown = JSON.parse(claims)
    if (isObject(root)) return root
  } catch {
    throw new EntraError(9002313, { reason: 'claims is not JSON' })
  }
  throw new EntraError(9002313, { reason: 'claims is not a JSON object' })
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** `{"value":"c1"}` and `{"values":["c1","c2"]}` are both used. */
function valuesOf(request: unknown): readonly string[] {
  const values = member(request, 'values')
  return [member(request, 'value'), ...(Array.isArray(values) ? (values as unknown[]) : [])].filter(
    (value): value is string => typeof value === 'string',
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
