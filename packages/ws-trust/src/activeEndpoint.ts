import { cannotSignIn } from './cannotSignIn.js'
import type { Endpoint } from './endpoint.js'
import { safeUrl } from './safeUrl.js'
import { wsTrust13, wsTrust2005 } from './versions.js'

/**
 * Takes the address that the realm gives for passwords; its path says which WS-Trust it speaks.
 *
 * @param activeAuthUrl The address.
 * @returns The endpoint.
 * @throws {AuthError} `invalid_response` when it cannot be used.
 */
export function activeEndpoint(activeAuthUrl: string | undefined): Endpoint {
  if (!activeAuthUrl) throw cannotSignIn('the federated domain', 'its realm names no provider that takes passwords')
  const url = safeUrl(activeAuthUrl, true)
  if (!url) throw cannotSignIn('the federated domain', 'its realm names a provider without HTTPS')
  const [, year] = /\/trust\/(13|2005)\/usernamemixed/i.exec(url.pathname) ?? []
  if (!year) throw cannotSignIn(url.host, 'the path of its address does not say which WS-Trust it speaks')
  return { address: activeAuthUrl.trim(), version: year === '13' ? wsTrust13 : wsTrust2005 }
}
