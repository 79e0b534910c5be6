import type { MsalRuntimeParameters } from '../MsalRuntime.js'
import type { Handle, NativeCalls } from './nativeCalls.js'

/**
 * Writes parameters for the library, for as long as it takes to start an operation with them: it copies what it needs.
 *
 * @param native The library.
 * @param parameters What is asked for.
 * @param start Starts the operation, before it waits for anything.
 * @returns What the operation resolves to.
 */
export function withParameters<T>(
  native: NativeCalls,
  parameters: MsalRuntimeParameters,
  start: (handle: Handle) => Promise<T>,
): Promise<T> {
  const { clientId, authority, scopes, redirectUri, claims, accessTokenToRenew, pop, additional } = parameters
  const handle = native.get('CreateAuthParameters', clientId, authority)!
  try {
    native.call('SetRequestedScopes', handle, scopes.join(' '))
    if (redirectUri) native.call('SetRedirectUri', handle, redirectUri)
    if (claims) native.call('SetDecodedClaims', handle, claims)
    if (accessTokenToRenew) native.call('SetAccessTokenToRenew', handle, accessTokenToRenew)
    if (pop) native.call('SetPopParams', handle, pop.method, pop.host, pop.path, pop.nonce)
    for (const [name, value] of Object.entries(additional ?? {}))
      native.call('SetAdditionalParameter', handle, name, value)
    return start(handle)
  } finally {
    native.release('ReleaseAuthParameters', handle)
  }
}
