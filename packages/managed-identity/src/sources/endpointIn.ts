import { AuthError } from '@latchkey/core'
import { variable } from '@latchkey/core/internal'

/**
 * Reads an endpoint from a variable.
 *
 * @param env The variables.
 * @param name The variable.
 * @param protocols Which the endpoint may have.
 * @returns The endpoint.
 * @throws {AuthError} `managed_identity_error` when it is no such address.
 */
export function endpointIn(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  protocols: RegExp = /^https?:$/,
): string {
  const value = variable(env, name) ?? ''
  if (!URL.canParse(value) || !protocols.test(new URL(value).protocol))
    throw new AuthError('managed_identity_error', `Cannot use the managed identity: ${name} is not an address for it`)
  return value
}
