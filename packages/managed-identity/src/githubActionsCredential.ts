import { AuthError } from '@latchkey/core'
import {
  environment,
  expect,
  isLoopback,
  isText,
  jwtClaims,
  parseObject,
  retryAfter,
  send,
  variable,
} from '@latchkey/core/internal'
import { federatedCredential, type FederatedCredential } from './FederatedCredential.js'

/** What {@link githubActionsCredential} takes. */
export interface GithubActionsCredentialOptions {
  /** Whom the assertion is for; Entra's federated credential says the same. Default `api://AzureADTokenExchange`. */
  readonly audience?: string | undefined
  /** The environment variables, as the runner sets them for jobs with the permission `id-token: write`. Default: the runtime's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** What sends the request. Default: the runtime's own. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The time limit of each request in milliseconds, body included. Default 30,000. */
  readonly timeout?: number | undefined
  /** How often a request is sent again after a reset or a 500, 502, 503 or 504. Default 2. */
  readonly maxRetries?: number | undefined
}

/** How long before its end an assertion is replaced, in seconds. */
const margin = 60

/**
 * Proves an app's identity with the token that GitHub gives to a job of a workflow, which must have the permission `id-token: write`.
 *
 * The assertion is used again until a minute before its end.
 *
 * @param options Whom it is for, and where GitHub is.
 * @returns A credential for `createConfidentialClient`. Token requests reject with the AuthError `managed_identity_unavailable` outside of
 * such a job; `managed_identity_error` as GitHub refuses; `network_error`, `timeout`, `invalid_response`.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect OpenID Connect in GitHub Actions}
 */
export function githubActionsCredential(options: GithubActionsCredentialOptions = {}): FederatedCredential {
  const {
    audience = 'api://AzureADTokenExchange',
    env = environment(),
    fetch,
    timeout = 30_000,
    maxRetries = 2,
  } = options
  expect(isText(audience), 'audience', 'a text')
  expect(typeof env === 'object' && env !== null, 'env', 'an object')
  expect(fetch === undefined || typeof fetch === 'function', 'fetch', 'a function')
  expect(timeout > 0 && timeout < 2 ** 31, 'timeout', 'ms')
  expect(Number.isInteger(maxRetries) && maxRetries >= 0, 'maxRetries', 'a whole number')
  let kept: { readonly jwt: string; readonly until: number } | undefined
  let asking: Promise<string> | undefined

  async function ask(now: () => number): Promise<string> {
    const { url, token } = job(env, audience)
    const sender = { fetch, timeout, maxRetries, now } as unknown as Parameters<typeof send>[0]
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
    const answer = await send(sender, { method: 'GET', url, headers })
    const { status, text } = answer
    if (status !== 200)
      throw new AuthError('managed_identity_error', `Cannot get an assertion from GitHub: status ${status}`, {
        status,
        retryAfter: retryAfter(answer.headers, now()),
      })
    const jwt = parseObject(text)?.['value']
    if (!isText(jwt) || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(jwt))
      throw new AuthError('invalid_response', 'Cannot use the answer of GitHub: it holds no assertion')
    const { exp } = jwtClaims(jwt)
    kept = typeof exp === 'number' ? { jwt, until: (exp - margin) * 1000 } : undefined
    return jwt
  }

  return federatedCredential(async ({ now }) => {
    if (kept && now() < kept.until) return kept.jwt
    asking ??= ask(now).finally(() => (asking = undefined))
    return asking
  })
}

function job(env: Readonly<Record<string, string | undefined>>, audience: string): { url: string; token: string } {
  const address = variable(env, 'ACTIONS_ID_TOKEN_REQUEST_URL')
  const token = variable(env, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN')
  if (!address || !token)
    throw new AuthError(
      'managed_identity_unavailable',
      'Cannot get an assertion from GitHub: this is no job of a workflow with the permission id-token: write',
    )
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || (url.protocol !== 'https:' && !isLoopback(url.hostname)))
    throw new AuthError(
      'managed_identity_error',
      'Cannot get an assertion from GitHub: its address is not one with https',
    )
  url.searchParams.set('audience', audience)
  return { url: url.href, token }
}
