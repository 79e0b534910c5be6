/** One sign-in of a user: what sessions, codes and refresh tokens go back to. */
export interface SignIn {
  /** The session ID, `sid` of tokens. */
  readonly id: string
  /** The user's object ID in the home tenant. */
  readonly userId: string
  /** When the user signed in, in ms since the epoch. */
  readonly at: number
  /** Whether the second factor was given. */
  readonly hasMfa: boolean
}
