import { cloudOf } from './clouds.js'
import type { Endpoints } from './endpoints.js'
import type { Authority } from './parseAuthority.js'

/**
 * Gives the endpoints that need no discovery: a tenant by its id (or `common` and its like) in one of Microsoft's clouds.
 *
 * @param authority The authority.
 * @returns The endpoints; `undefined` where discovery has to tell.
 */
export function knownEndpoints({ kind, url, host, tenant }: Authority): Endpoints | undefined {
  const cloud = cloudOf(host)
  // Tenants whose spelling in the token endpoint is their own; a domain's is its tenant id, which only discovery tells.
  const isPlain = /^[^/]+\/\/[^/]+\/(common|organizations|consumers|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(
    url,
  )
  if (!cloud || kind !== 'entra' || !isPlain) return undefined
  const base = `https://${cloud[0]}/${tenant}`
  return { metadata: { issuer: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token` }, tenant }
}
