/** How a token is bound to its holder; without one it is a bearer token. */
export interface TokenScheme {
  /** The token type as the cache and the `Authorization` header name it, such as `pop`. */
  readonly tokenType: string
  /** The key that the token is bound to. */
  readonly keyId: string
  /**
   * Gives the extra fields of the token request.
   *
   * @returns Field names and values.
   */
  tokenRequestParameters(): Record<string, string> | Promise<Record<string, string>>
  /**
   * Makes the headers of a request to the resource.
   *
   * @param request The method and URL that the proof is made for.
   * @param accessToken The token.
   * @returns Header names and values.
   */
  authorize(
    request: { readonly method: string; readonly url: string },
    accessToken: string,
  ): Promise<Record<string, string>>
}
