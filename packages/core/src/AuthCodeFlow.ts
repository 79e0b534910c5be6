/**
 * An authorization request on its way: plain JSON, to be kept in the user's web session until the answer comes.
 *
 * It belongs to one browser and is redeemed once; its verifier and nonce are not for the page.
 */
export interface AuthCodeFlow {
  /** Where to send the browser. */
  readonly authUri: string
  /** What the answer must carry. */
  readonly state: string
  /** Where the answer is sent. */
  readonly redirectUri?: string | undefined
  /** The scopes that the token is for, the library's own among them. */
  readonly scope: readonly string[]
  /** The secret half of PKCE (RFC 7636). */
  readonly codeVerifier: string
  /** The nonce; on the wire is its SHA-256. */
  readonly nonce: string
  /** How long ago the sign-in may have been, in seconds. */
  readonly maxAge?: number | undefined
  /** The claims challenge to repeat when the code is redeemed. */
  readonly claims?: string | undefined
}
