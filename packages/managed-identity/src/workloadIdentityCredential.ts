import { AuthError } from '@latchkey/core'
import { environment, expect, isText, variable } from '@latchkey/core/internal'
import { federatedCredential, type FederatedCredential } from './FederatedCredential.js'
import type { ManagedIdentityHost } from './host/ManagedIdentityHost.js'
import { nodeHost } from './host/nodeHost.js'

/** What {@link workloadIdentityCredential} takes. */
export interface WorkloadIdentityCredentialOptions {
  /** The file with the token. Default: what `AZURE_FEDERATED_TOKEN_FILE` says. */
  readonly tokenFile?: string | undefined
  /** The environment variables, as Kubernetes' webhook sets them. Default: the runtime's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** What reads the file. Default: the files of Node, Deno and Bun. */
  readonly host?: Pick<ManagedIdentityHost, 'readFile'> | undefined
}

/** A credential that Kubernetes keeps fresh, and what it says of the app. */
export interface WorkloadIdentityCredential extends FederatedCredential {
  /** The app: `AZURE_CLIENT_ID`. */
  readonly clientId: string | undefined
  /** Who issues the tokens: `AZURE_AUTHORITY_HOST` and `AZURE_TENANT_ID`. */
  readonly authority: string | undefined
}

/** The most that a token file may hold, in bytes: as much as fits into a header. */
const maxBytes = 16_384

/**
 * Proves an app's identity with the token that Kubernetes projects into a file: workload identity on AKS, or on any cluster.
 *
 * The file is read at each token request, so that a new token in it is used; with the app's tokens in the cache those are rare.
 *
 * @param options Where the file is.
 * @returns A credential for `createConfidentialClient`, which may take `clientId` and `authority` from it, too. Token requests reject with
 * the AuthError `managed_identity_unavailable` where no file is named, and `managed_identity_error` where it holds no token.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://learn.microsoft.com/azure/aks/workload-identity-overview Workload identity on AKS}
 */
export function workloadIdentityCredential(
  options: WorkloadIdentityCredentialOptions = {},
): WorkloadIdentityCredential {
  const { tokenFile, env = environment(), host = nodeHost() } = options
  expect(tokenFile === undefined || isText(tokenFile), 'tokenFile', 'a path')
  expect(typeof env === 'object' && env !== null, 'env', 'an object')
  expect(typeof host?.readFile === 'function', 'host', 'a host')
  const tenant = variable(env, 'AZURE_TENANT_ID')
  const authorityHost = (variable(env, 'AZURE_AUTHORITY_HOST') || 'https://login.microsoftonline.com').replace(
    /\/+$/,
    '',
  )
  return Object.freeze({
    ...federatedCredential(() => readToken(tokenFile ?? variable(env, 'AZURE_FEDERATED_TOKEN_FILE'), host)),
    clientId: variable(env, 'AZURE_CLIENT_ID') || undefined,
    authority: tenant ? `${authorityHost}/${tenant}` : undefined,
  })
}

async function readToken(path: string | undefined, host: Pick<ManagedIdentityHost, 'readFile'>): Promise<string> {
  if (!path)
    throw new AuthError(
      'managed_identity_unavailable',
      'Cannot use workload identity: the variable AZURE_FEDERATED_TOKEN_FILE is not set',
    )
  try {
    // Kubernetes changes it by way of links.
    const token = (await host.readFile(path, { maxBytes, followLinks: true })).trim()
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return token
  } catch (cause) {
    const { code, message } = Object(cause) as { code?: string; message?: string }
    throw new AuthError('managed_identity_error', `Cannot read the token file: ${code ?? message}`, { cause })
  }
  throw new AuthError('managed_identity_error', 'Cannot use the token file: it holds no JWT')
}
