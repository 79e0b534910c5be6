/** What every broker of ours takes. */
export interface BrokerOptions {
  /**
   * What is to be where the broker cannot be used: with `prefer` the sign-in goes on without it and the client's logger is told; with
   * `require` it is an error; with `never` the broker is not asked at all. Default `prefer`.
   */
  readonly policy?: 'prefer' | 'require' | 'never' | undefined
  /** For Microsoft's own apps that sign personal accounts in through `organizations`. Default `false`. */
  readonly msaPassthrough?: boolean | undefined
}
