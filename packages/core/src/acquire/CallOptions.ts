/** What every operation over the network takes. */
export interface CallOptions {
  /** The id that ties this call to the server's logs. Default: a new UUID. */
  readonly correlationId?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}
