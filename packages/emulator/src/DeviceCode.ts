import type { SignInRequest } from './interaction/SignInRequest.js'
import type { SignIn } from './SignIn.js'

/** A device code that was issued. */
export interface DeviceCode {
  /** What the person types. */
  readonly userCode: string
  readonly request: SignInRequest
  /** ms since the epoch. */
  readonly expiresAt: number
  /** Least time between two polls, in seconds; grows when the device polls faster. */
  interval: number
  /** When the device last polled, in ms since the epoch. */
  polledAt?: number
  state: 'pending' | 'approved' | 'declined' | 'redeemed'
  /** Who approved it. */
  approval?: { readonly userId: string; readonly tenantId: string; readonly signIn: SignIn }
}
