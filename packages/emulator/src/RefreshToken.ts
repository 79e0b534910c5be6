import type { RedirectKind } from './App.js'
import type { SignIn } from './SignIn.js'

/** A refresh token that was issued. */
export interface RefreshToken {
  readonly clientId: string
  /** The family whose apps may redeem it, too. */
  readonly family?: '1' | undefined
  /** The user's object ID in the home tenant. */
  readonly userId: string
  /** The tenant that it was issued by. */
  readonly tenantId: string
  readonly signIn: SignIn
  /** The scope that it was issued for. */
  readonly scope: string
  /** What kind of redirect URI its code was sent to; undefined where there was none. */
  readonly redirectKind?: RedirectKind | undefined
  /** The authorization code that it goes back to. */
  readonly codeId?: string | undefined
  /** The thumbprint of the key that has to be shown with it. */
  readonly jkt?: string | undefined
  readonly issuedAt: number
  /** ms since the epoch. */
  readonly expiresAt: number
}
