import { authorizedFetch, type AcquireToken, type TokenScheme } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'

/** What a scheme's `fetch` takes beyond the runtime's own. */
export interface ProofRequestInit extends RequestInit {
  /** Gives the token, such as `({ claims, signal }) => acquireTokenSilent(client, { scopes, account, claims, signal, scheme })`. */
  readonly acquireToken?: AcquireToken | undefined
  /** The token itself, where it is there already; a claims challenge is the answer then. */
  readonly accessToken?: string | undefined
}

/** A `fetch` that attaches token and proof; without `acquireToken` and `accessToken`, the token of the `Authorization` header. */
export type ProofFetch = (input: string | URL | Request, init?: ProofRequestInit) => Promise<Response>

/**
 * Makes a scheme's `fetch`.
 *
 * @param scheme The scheme.
 * @param fetch What sends; the runtime's own where it is left out.
 * @returns The `fetch`; it rejects with a `TypeError` where there is no token, or the address must not get one.
 */
export function proofFetch(scheme: TokenScheme, fetch: typeof globalThis.fetch | undefined): ProofFetch {
  return async (input, init = {}) => {
    const { acquireToken, accessToken, ...rest } = init
    const header = new Headers(rest.headers ?? (input as Partial<Request>).headers)
    const given = accessToken ?? /^\S+ +(\S+)$/.exec(header.get('authorization') ?? '')?.[1]
    expect(acquireToken || given, 'the request', 'acquireToken, accessToken or an Authorization header')
    const acquire: AcquireToken =
      acquireToken ?? (async ({ claims }) => (claims ? undefined : { accessToken: given!, tokenType: '' }))
    return authorizedFetch(acquire, { scheme, fetch })(input, rest)
  }
}
