import { isObject } from '@latchkey/core/internal'
import { base64url } from '../keys/base64url.js'
import { checkFreshness } from './checkFreshness.js'
import type { ProofCheckOptions, ReceivedRequest, VerifiedRequest } from './ProofCheckOptions.js'
import { readRequest } from './readRequest.js'
import { refusal } from './refusal.js'
import { verifyAccessToken } from './verifyAccessToken.js'
import { verifyProof } from './verifyProof.js'

/** What {@link verifySignedHttpRequest} takes. */
export interface VerifySignedHttpRequestOptions extends ProofCheckOptions {
  /** Parts of the request that clients need not sign: method, host, path, query. Default: none; what is signed is always compared. */
  readonly unsigned?: readonly ('m' | 'u' | 'p' | 'q')[] | undefined
}

/**
 * Checks a request to an API that takes signed HTTP requests: the token, that its sender has the key, and that it was signed for this
 * request, now and for the first time.
 *
 * @param request The request.
 * @param options Whose tokens are taken, and how strictly.
 * @returns The token's claims, and the key.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `access_denied` with `status` 401 and a reason; `proofChallenge` makes the answer's headers of it.
 */
export async function verifySignedHttpRequest(
  request: ReceivedRequest,
  options: VerifySignedHttpRequestOptions,
): Promise<VerifiedRequest> {
  const { method, url, credentials } = readRequest(request, 'PoP', options)
  const keyOf = (_header: object, { cnf }: { readonly cnf?: unknown }): unknown =>
    isObject(cnf) ? cnf['jwk'] : undefined
  const { payload, keyId } = await verifyProof(credentials, 'pop', keyOf, options, 'invalid_token')
  const { at, ts, nonce } = payload
  if (typeof at !== 'string') throw refusal('invalid_token', 'no token is in the signed request')
  const claims = await verifyAccessToken(at, keyId, 'kid', options)
  await checkParts(payload, method, url, options)
  const id = credentials.slice(0, credentials.lastIndexOf('.')) // signatures of the same can differ
  await checkFreshness({ seconds: ts, nonce, id, code: 'invalid_token' }, options)
  return { claims, accessToken: at, keyId, proof: payload }
}

async function checkParts(
  { m, u, p, q }: Readonly<Record<string, unknown>>,
  method: string,
  url: URL,
  { unsigned = [] }: VerifySignedHttpRequestOptions,
): Promise<void> {
  const check = (part: 'm' | 'u' | 'p' | 'q', name: string, isSame: boolean, isSigned: boolean): void => {
    if (isSigned ? !isSame : !unsigned.includes(part))
      throw refusal('invalid_token', `it was signed for another ${name}`)
  }
  check('m', 'method', m === method, m !== undefined)
  check('u', 'host', typeof u === 'string' && u.toLowerCase() === url.host, u !== undefined)
  check('p', 'path', plain(p) === plain(url.pathname), p !== undefined)
  const query = url.search.slice(1)
  check('q', 'query', await isQuery(q, url), q !== undefined || query === '')
}

/** MSAL ends a path with a slash, and writes escapes in small letters; servers make no difference between them either. */
function plain(text: unknown): string {
  return `${text}`.replace(/^\/+|\/+$/g, '').replace(/%\w\w/g, (escape) => escape.toUpperCase())
}

/** The query as it is, or, as the draft has it, names in an order and the digest of what they stand for. */
async function isQuery(q: unknown, { search, searchParams }: URL): Promise<boolean> {
  if (q === undefined) return search === ''
  const [names, signed] = Array.isArray(q) ? (q as readonly unknown[]) : []
  if (!Array.isArray(names) || typeof signed !== 'string') return false
  if (names.length === 0) return plain(signed) === plain(search.slice(1))
  const isWhole = names.length === [...searchParams].length && new Set(names).size === names.length
  const pairs = names.map(
    (name) => `${encodeURIComponent(`${name}`)}=${encodeURIComponent(searchParams.get(`${name}`) ?? '')}`,
  )
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pairs.join('&')))
  return isWhole && signed === base64url(String.fromCharCode(...new Uint8Array(digest)))
}
