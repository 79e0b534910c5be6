/** How a person gets to the authorization page and the answer gets back. */
export interface Interaction {
  /** Where the authorization server sends the answer. */
  readonly redirectUri: string | Promise<string>
  /**
   * Shows the page and waits for the answer.
   *
   * @param url The authorization request.
   * @param signal Ends the waiting.
   * @returns The parameters of the authorization response.
   */
  navigate(url: string, signal: AbortSignal): Promise<Record<string, string>>
}
