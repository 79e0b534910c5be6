import { AuthError, type AuthErrorCode } from '@latchkey/core'
import type { MsalRuntimeError, MsalRuntimeStatus } from '../MsalRuntimeError.js'

const codes: Partial<Record<MsalRuntimeStatus, AuthErrorCode>> = {
  InteractionRequired: 'interaction_required',
  AccountUnusable: 'interaction_required',
  NoNetwork: 'network_error',
  NetworkTemporarilyUnavailable: 'network_error',
  ServerTemporarilyUnavailable: 'server_error',
  TransientError: 'server_error',
  UserCanceled: 'user_cancelled',
  ApplicationCanceled: 'user_cancelled',
  AuthorityUntrusted: 'invalid_authority',
  UserSwitch: 'account_mismatch',
  AccountSwitch: 'account_mismatch',
  AccountNotFound: 'no_token',
  DeviceNotRegistered: 'broker_unavailable',
}

/**
 * Tells whether the server refused the redirect URI, as far as the library lets that through.
 *
 * @param failure What the library says.
 * @returns Whether it did.
 */
export function isRedirectUriRefused({ context }: MsalRuntimeError): boolean {
  return /AADSTS(50011|7000218)/.test(context)
}

/**
 * Turns the library's error into one of ours.
 *
 * @param failure What the library says.
 * @param broker The broker's name.
 * @param redirectUris What the app has to be registered with.
 * @param correlationId The call's id.
 * @returns The error; its `cause` has the library's status, number and tag.
 */
export function brokerError(
  failure: MsalRuntimeError,
  broker: string,
  redirectUris: readonly string[],
  correlationId: string,
): AuthError {
  const { status, context, errorCode, tag } = failure
  const numbers = [...new Set([...context.matchAll(/AADSTS(\d+)/g)].map(([, number]) => Number(number)))]
  const isRedirectUri = isRedirectUriRefused(failure)
  const advice = isRedirectUri
    ? `; register the redirect URI ${redirectUris.join(' and ')} under "Mobile and desktop applications"`
    : status === 'DeviceNotRegistered'
      ? '; enrol this device with the organization'
      : ''
  return new AuthError(
    isRedirectUri ? 'broker_error' : (codes[status] ?? 'broker_error'),
    `Cannot sign in with ${broker}: ${status}${advice}`,
    {
      error: 'broker_error',
      errorDescription: failure.message,
      ...(numbers.length > 0 && { errorCodes: numbers }),
      correlationId,
      cause: { brokerStatus: status, brokerErrorCode: String(errorCode), brokerTag: tag },
    },
  )
}
