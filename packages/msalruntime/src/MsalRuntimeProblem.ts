/** Why MSALRuntime cannot be used, and what to do about it. */
export interface MsalRuntimeProblem {
  /** What it is, for programs. */
  readonly reason: 'package_missing' | 'unsupported_system' | 'wrong_architecture' | 'library_missing' | 'start_failed'
  /** What it is, for people. */
  readonly message: string
  /** What to do next, for people. */
  readonly nextStep: string
  /** The error behind it. */
  readonly cause?: unknown
}
