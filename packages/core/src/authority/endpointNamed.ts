import { AuthError } from '../AuthError.js'
import type { Endpoints } from './endpoints.js'
import { knownEndpoints } from './knownEndpoints.js'
import type { Authority } from './parseAuthority.js'
import { isEndpointOf } from './trust.js'

/**
 * Gives another endpoint than the token endpoint.
 *
 * @param authority Whose.
 * @param endpoints What is known of it.
 * @param name The endpoint's name in the metadata (RFC 8414 §2).
 * @param path Its path beside Entra's token endpoint, for tenants whose endpoints are built in.
 * @returns The URL.
 * @throws {AuthError} `invalid_authority` when the authority has none, or names one that is not its own.
 */
export function endpointNamed(
  authority: Authority,
  { metadata }: Endpoints,
  name: 'authorization_endpoint' | 'device_authorization_endpoint' | 'jwks_uri',
  path: string,
): string {
  const url = knownEndpoints(authority) ? metadata.token_endpoint.replace('oauth2/v2.0/token', path) : metadata[name]
  if (typeof url === 'string' && isEndpointOf(authority, url)) return url
  const reason = url ? `${name} elsewhere` : `no ${name}`
  throw new AuthError('invalid_authority', `Cannot use the authority ${authority.url}: ${reason}`)
}
