import type { DeviceCode } from '../DeviceCode.js'
import type { EntraError } from '../EntraError.js'
import type { Session } from '../Session.js'
import type { SignIn } from '../SignIn.js'
import type { AuthorizationRequest } from './AuthorizationRequest.js'
import type { SignInRequest } from './SignInRequest.js'

/** Somebody who is signing in at a browser: what is asked, and how far they are. */
export interface Interaction {
  /** Not to be guessed: each form carries it. */
  readonly id: string
  readonly session: Session
  readonly request: SignInRequest
  /** The request, where it came to the authorization endpoint. */
  readonly authorization?: AuthorizationRequest | undefined
  /** The device that is signed in. */
  readonly device?: DeviceCode | undefined
  /** ms since the epoch. */
  readonly createdAt: number
  /** Who is signing in, by object ID in the home tenant. */
  userId?: string | undefined
  /** What to show in the username field. */
  username?: string | undefined
  /** The sign-in that is used: a new one, or one of the session. */
  signIn?: SignIn | undefined
  /** The password was entered here. */
  isFresh: boolean
  /** Another account than those of the session is wanted. */
  wantsOther: boolean
  /** An account of the session is not taken without being asked for. */
  mustPick: boolean
  /** The person wants a new account. */
  wantsAccount: boolean
  hasConsented: boolean
  /** The device was confirmed. */
  hasConfirmed: boolean
  /** Why it ended without a sign-in. */
  refusal?: EntraError | undefined
}
