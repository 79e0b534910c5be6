/** Whether a broker can be used, and why not. */
export interface BrokerStatus {
  /**
   * What it is, for programs: `other_system` means that this broker is another operating system's, `off` that the app's policy is
   * `never`, `unsupported` that it does not take this client's authority.
   */
  readonly state:
    | 'available'
    | 'off'
    | 'other_system'
    | 'unsupported'
    | 'package_missing'
    | 'not_installed'
    | 'wrong_architecture'
    | 'library_missing'
    | 'not_enrolled'
    | 'wrong_redirect_uri'
    | 'start_error'
  /** What it is, for people. */
  readonly message: string
  /** What to do next, for people; absent where it can be used. */
  readonly nextStep?: string | undefined
}
