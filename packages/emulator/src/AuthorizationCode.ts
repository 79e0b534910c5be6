import type { AuthorizationRequest } from './interaction/AuthorizationRequest.js'
import type { SignIn } from './SignIn.js'

/** An authorization code that was issued. */
export interface AuthorizationCode {
  /** Names the code in what was issued for it, without being it. */
  readonly id: string
  readonly request: AuthorizationRequest
  /** The user's object ID in the home tenant. */
  readonly userId: string
  readonly tenantId: string
  readonly signIn: SignIn
  /** ms since the epoch. */
  readonly expiresAt: number
  isRedeemed: boolean
}
