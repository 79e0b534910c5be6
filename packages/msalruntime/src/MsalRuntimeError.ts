/** What the library calls the outcome, in the order of its numbers. */
export const statusNames = [
  'Unexpected',
  'Reserved',
  'InteractionRequired',
  'NoNetwork',
  'NetworkTemporarilyUnavailable',
  'ServerTemporarilyUnavailable',
  'ApiContractViolation',
  'UserCanceled',
  'ApplicationCanceled',
  'IncorrectConfiguration',
  'InsufficientBuffer',
  'AuthorityUntrusted',
  'UserSwitch',
  'AccountUnusable',
  'UserDataRemovalRequired',
  'KeyNotFound',
  'AccountNotFound',
  'TransientError',
  'AccountSwitch',
  'RequiredBrokerMissing',
  'DeviceNotRegistered',
  'FallbackToNativeMsal',
] as const

/** A status as the library names it. */
export type MsalRuntimeStatus = (typeof statusNames)[number]

/** What the library says of a failure. */
export interface MsalRuntimeFailure {
  /** What kind it is. */
  readonly status: MsalRuntimeStatus
  /** The number of the layer below. */
  readonly errorCode: bigint
  /** Where in the library it arose: five letters, as its logs print it. */
  readonly tag: string
  /** What it says itself; what concerns people is `(pii)` in it. */
  readonly context: string
  /** What the library says of the call, as JSON text. */
  readonly telemetry?: string | undefined
}

/** The library said no. */
export class MsalRuntimeError extends Error {
  override readonly name = 'MsalRuntimeError'
  /** What kind it is. */
  readonly status: MsalRuntimeStatus
  /** The number of the layer below. */
  readonly errorCode: bigint
  /** Where in the library it arose: five letters, as its logs print it. */
  readonly tag: string
  /** What it says itself; what concerns people is `(pii)` in it. */
  readonly context: string
  /** What the library says of the call, as JSON text: not for logs, since it may name people. */
  readonly telemetry?: string | undefined

  /**
   * Makes an error of what the library says.
   *
   * @param failure What it says.
   */
  constructor({ status, errorCode, tag, context, telemetry }: MsalRuntimeFailure) {
    super(`${context}. Status: ${status}, Error code: ${errorCode}, Tag: ${tag}`)
    this.status = status
    this.errorCode = errorCode
    this.tag = tag
    this.context = context
    this.telemetry = telemetry
  }
}
