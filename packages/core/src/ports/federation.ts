import type { HttpRequest, HttpResponse } from '../http/send.js'

/** A user of a federated domain, and what Entra says of the domain. */
export interface FederationRequest {
  /** The sign-in name. */
  readonly username: string
  /** The password; for the provider only. */
  readonly password: string
  /** Where the identity provider describes itself (WS-MetadataExchange). */
  readonly metadataUrl?: string | undefined
  /** Where it takes passwords, for providers without a description. */
  readonly activeAuthUrl?: string | undefined
  /** The audience of the assertion, such as `urn:federation:MicrosoftOnline`. */
  readonly audience: string
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
  /** Sends a request under the client's time limit and size limit; resolves whatever the status is. */
  readonly send: (request: HttpRequest) => Promise<HttpResponse>
}

/** How the password of a federated user becomes an assertion that Entra takes. */
export interface Federation {
  /**
   * Gets an assertion from the user's own identity provider.
   *
   * @param request The user and the domain.
   * @returns The grant that redeems it, and the assertion as the grant's form field has it.
   * @throws {AuthError} when the provider refuses or cannot be used.
   */
  acquireAssertion(request: FederationRequest): Promise<{ readonly grantType: string; readonly assertion: string }>
}
