/** What a credential may need to know of the request that it signs. */
export interface ClientCredentialContext {
  /** The app's client id. */
  readonly clientId: string
  /** The central token endpoint: the audience of an assertion. */
  readonly tokenEndpoint: string
  /** The kind of the authority; ADFS takes other signatures than Entra. */
  readonly authorityKind: 'entra' | 'adfs' | 'b2c' | 'ciam' | 'oidc'
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number
}

/** How a confidential client proves who it is: it adds itself to a token request. */
export interface ClientCredential {
  /**
   * Adds the proof.
   *
   * @param context What the proof may need to name.
   * @param body The form to add to.
   * @param headers The headers to add to.
   * @returns When it is added.
   */
  apply(context: ClientCredentialContext, body: URLSearchParams, headers: Headers): void | Promise<void>
}
