import { AuthError } from '@latchkey/core'
import { variable } from '@latchkey/core/internal'
import { endpointIn } from './endpointIn.js'
import type { Source } from './Source.js'
import { textOf } from './textOf.js'

const errors: Readonly<Record<string, string>> = {
  SecretHeaderNotFound: 'unauthorized_client',
  ManagedIdentityNotFound: 'invalid_client',
  ArgumentNullOrEmpty: 'invalid_scope',
}

/** Service Fabric clusters: one identity, which the application's manifest names, behind a certificate that vouches for itself. */
export const serviceFabric: Source = {
  name: 'serviceFabric',
  apiVersion: '2019-07-01-preview',
  passing: /^(408|429|5\d\d)$/,
  takesRevocations: true,
  request({ env }) {
    const secret = variable(env, 'IDENTITY_HEADER') ?? ''
    return { url: endpointIn(env, 'IDENTITY_ENDPOINT', /^https:$/), headers: { Secret: secret }, secret }
  },
  refusal({ json, text }) {
    const code = textOf(json?.['error'], 'code') ?? ''
    const error = Object.hasOwn(errors, code) ? errors[code] : 'invalid_request'
    return { error, errorDescription: text }
  },
  fetch({ fetch, env, host }) {
    if (fetch) return fetch // whoever brings one has it check the certificate
    const thumbprint = (variable(env, 'IDENTITY_SERVER_THUMBPRINT') ?? '').replace(/[\s:]/g, '').toLowerCase()
    if (!/^[0-9a-f]{40}$/.test(thumbprint))
      throw new AuthError(
        'managed_identity_error',
        'Cannot trust the identity endpoint: IDENTITY_SERVER_THUMBPRINT is not a SHA-1 thumbprint',
      )
    return async (url, { headers, signal } = {}) =>
      host.getPinned(url as string, { headers: headers as Record<string, string>, thumbprint, signal: signal! })
  },
}
