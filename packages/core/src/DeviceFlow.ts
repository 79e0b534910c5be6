/** A sign-in on another device, on its way: plain JSON. */
export interface DeviceFlow {
  /** What the user types in. */
  readonly userCode: string
  /** Where. */
  readonly verificationUri: string
  /** The same with the code in it, for a QR code; Entra gives none. */
  readonly verificationUriComplete?: string | undefined
  /** A sentence for the user that says both. */
  readonly message: string
  /** When the code ends, in seconds since the epoch; set it to 0 to give up. */
  expiresAt: number
  /** How long to wait between two questions, in seconds. */
  interval: number
  /** The scopes asked for, the library's own among them. */
  readonly scope: readonly string[]
  /** What the server knows the sign-in by; a secret. */
  readonly deviceCode: string
  /** The id that ties the sign-in to the server's logs. */
  readonly correlationId: string
}
