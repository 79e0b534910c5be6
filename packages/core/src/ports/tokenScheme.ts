/** The cache fields that set a scheme's tokens apart, under MSAL's names. */
export interface TokenBinding {
  /** MSAL's word for every token that is no bearer token. */
  readonly credential_type: 'AccessToken_With_AuthScheme'
  /** The type that the server must answer with, in lower case: `pop`, `dpop`, `ssh-cert`. */
  readonly token_type: string
  /** The key that the tokens are bound to. */
  readonly key_id: string
}

/** A request that a proof is for. */
export interface BoundRequest {
  /** The method, in upper case. */
  readonly method: string
  /** The absolute URL. */
  readonly url: string
}

/** How a token is bound to a key that its holder keeps; without a scheme it is a bearer token. */
export interface TokenScheme {
  /**
   * Tells what the tokens are bound to, and makes the key where there is none yet.
   *
   * @returns The binding; another one once the key was changed.
   */
  binding(): Promise<TokenBinding>
  /**
   * Gives what a request to the authorization server adds: a POST to the token endpoint, or a GET of the authorization endpoint.
   *
   * @param request The request, and the key that {@link TokenScheme.binding} named.
   * @returns Form fields (of a GET: of the query) and headers.
   */
  bind(request: BoundRequest & { readonly keyId: string }): Promise<{
    readonly parameters?: Readonly<Record<string, string>>
    readonly headers?: Readonly<Record<string, string>>
  }>
  /**
   * Looks at an answer, of a token endpoint or of a resource, for the nonce that the server wants.
   *
   * @param response The answer, with its text where that was read.
   * @param url What was asked.
   * @returns Whether the same request is worth sending once more, with the nonce.
   * @throws {AuthError} `invalid_response` for a token that cannot be the scheme's; its type is checked without this.
   */
  inspect(response: Pick<Response, 'status' | 'headers'> & { readonly text?: unknown }, url: string): boolean
  /**
   * Makes the headers of a request to a resource.
   *
   * @param request The request.
   * @param accessToken A token that is bound by this scheme.
   * @returns Names in lower case, and values.
   */
  authorize(request: BoundRequest, accessToken: string): Promise<Record<string, string>>
  /** The one request that a broker is to sign for, with the resource's nonce. */
  readonly request?: (BoundRequest & { readonly nonce?: string | undefined }) | undefined
}
