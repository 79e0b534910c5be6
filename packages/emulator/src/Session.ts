import type { SignIn } from './SignIn.js'

/** A browser with its signed-in users. */
export interface Session {
  /** What its cookie holds. */
  readonly id: string
  /** The sign-ins, by the users' object IDs in their home tenants. */
  readonly signIns: Map<string, SignIn>
}
