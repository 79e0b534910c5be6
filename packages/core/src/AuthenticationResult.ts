import type { Account } from './Account.js'

/** What every acquire function resolves to. */
export interface AuthenticationResult {
  /** The token to send to the resource. */
  readonly accessToken: string
  /** How to send it: `Bearer`, `pop`, `DPoP` or `ssh-cert`, in the server's spelling. */
  readonly tokenType: string
  /** When the token ends. */
  readonly expiresOn: Date
  /** When a refresh is due, where the server advised one. */
  readonly refreshOn?: Date | undefined
  /** The scopes that were granted. */
  readonly scopes: string[]
  /** The user; absent for an app's own token. */
  readonly account?: Account | undefined
  /** The raw ID token, where there is one. */
  readonly idToken?: string | undefined
  /** The ID token's validated claims. */
  readonly idTokenClaims?: Readonly<Record<string, unknown>> | undefined
  /** Who gave the token. */
  readonly source: 'identity_provider' | 'cache' | 'broker'
  /** The id that ties this call to the server's logs. */
  readonly correlationId: string
}
