import { defined } from '../json/defined.js'

/**
 * Adds parameters to an authorization endpoint, which may have some of its own (RFC 6749 §3.1).
 *
 * @param endpoint The endpoint.
 * @param parameters Names and values; those without a value are left out.
 * @returns The URL.
 */
export function authorizationUrl(endpoint: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(defined(parameters) as Record<string, string>)
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${query}`
}
