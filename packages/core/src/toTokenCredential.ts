import { expect, isText } from './arguments/expect.js'
import type { AuthenticationResult } from './AuthenticationResult.js'
import type { ConfidentialClient } from './client/client.js'
import { acquireTokenForClient } from './flows/acquireTokenForClient.js'

/** A token as the Azure SDKs take it; times in milliseconds since the epoch. */
export interface TokenCredentialResult {
  /** The token to send. */
  readonly token: string
  /** When it ends. */
  readonly expiresOnTimestamp: number
  /** When to ask again, where the server advised it. */
  readonly refreshAfterTimestamp?: number
  /** How to send it. */
  readonly tokenType: 'Bearer'
}

/** What the Azure SDKs' clients take to authenticate: their `TokenCredential`. */
export interface TokenCredential {
  /** Gives a token for scopes such as `https://vault.azure.net/.default`. */
  getToken(scopes: string | string[], options?: TokenCredentialOptions): Promise<TokenCredentialResult>
}

/** What an Azure SDK's client asks along; what else it sends is left alone. */
export interface TokenCredentialOptions {
  /** Ends the waiting: the platform's own, or the SDKs' likeness of it. */
  readonly abortSignal?: TokenCredentialSignal | undefined
  /** A claims challenge from the resource. */
  readonly claims?: string | undefined
}

/** As much of an `AbortSignal` as the Azure SDKs promise. */
export interface TokenCredentialSignal {
  /** Whether it is over. */
  readonly aborted: boolean
  /** Is told when it is over. */
  addEventListener(type: 'abort', listener: (this: TokenCredentialSignal, event: any) => any): void
  /** Is told no more. */
  removeEventListener(type: 'abort', listener: (this: TokenCredentialSignal, event: any) => any): void
}

/** Gets a token for scopes. */
export type AcquireForScopes = (request: {
  /** The scopes, one at least. */
  readonly scopes: readonly string[]
  /** A claims challenge. */
  readonly claims?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}) => Promise<AuthenticationResult>

/**
 * Lets the Azure SDKs use a client: its app tokens, its cache.
 *
 * @param client A client made by {@link createConfidentialClient}.
 * @returns What an Azure SDK takes as its credential; it rejects as {@link acquireTokenForClient} does.
 * @throws {TypeError} when it is no confidential client.
 */
export function toTokenCredential(client: ConfidentialClient): TokenCredential {
  expect(client?.kind === 'confidential', 'the client', 'a confidential client')
  return tokenCredential((request) => acquireTokenForClient(client, request))
}

/**
 * Lets the Azure SDKs use anything that gets tokens.
 *
 * @param acquire Gets one.
 * @returns What an Azure SDK takes as its credential.
 */
export function tokenCredential(acquire: AcquireForScopes): TokenCredential {
  return {
    async getToken(scopes, options) {
      const signal = options?.abortSignal as AbortSignal | undefined
      const list = [scopes].flat()
      expect(list.length > 0 && list.every(isText), 'scopes', 'a scope, or several')
      const result = await acquire({ scopes: list, claims: options?.claims, signal })
      const refreshAfterTimestamp = result.refreshOn?.getTime()
      return {
        token: result.accessToken,
        expiresOnTimestamp: result.expiresOn.getTime(),
        ...(refreshAfterTimestamp !== undefined && { refreshAfterTimestamp }),
        tokenType: 'Bearer',
      }
    },
  }
}
