import { variable } from '@latchkey/core/internal'
import { AuthError } from '@latchkey/core'
import { textOf } from './textOf.js'
import type { Source } from './Source.js'

/** Virtual machines, scale sets, container groups, and what stands in for their endpoint, such as Kubernetes' pod identity. */
export const imds: Source = {
  name: 'imds',
  apiVersion: '2018-02-01',
  idParameters: { ClientId: 'client_id', ResourceId: 'msi_res_id', ObjectId: 'object_id' },
  passing: /^(404|410|429|5\d\d)$/,
  request: ({ env }) => ({ url: imdsEndpoint(env), headers: { Metadata: 'true' } }),
  refusal: ({ json }) => ({ error: textOf(json, 'error'), errorDescription: textOf(json, 'error_description') }),
}

/**
 * Names the endpoint of a virtual machine.
 *
 * @param env The variables; `AZURE_POD_IDENTITY_AUTHORITY_HOST` replaces the host.
 * @returns The endpoint.
 * @throws {AuthError} `managed_identity_error` when the variable is no address.
 */
export function imdsEndpoint(env: Readonly<Record<string, string | undefined>>): string {
  const name = 'AZURE_POD_IDENTITY_AUTHORITY_HOST'
  const host = (variable(env, name) ?? '').replace(/^\/+|\/+$/g, '') || 'http://169.254.169.254'
  const url = `${host}/metadata/identity/oauth2/token`
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new AuthError('managed_identity_error', `Cannot use the managed identity: ${name} is not an address`)
  return url
}
