import type { AuthenticationResult, BrokerInteractiveRequest, BrokerSilentRequest, Client } from '@latchkey/core'
import type { Endpoints } from '@latchkey/core/internal'
import type { MsalRuntimeParameters, MsalRuntimeToken } from '../MsalRuntime.js'
import { MsalRuntimeError } from '../MsalRuntimeError.js'
import { telemetryFields } from '../telemetryFields.js'
import { brokerError, isRedirectUriRefused } from './brokerError.js'
import type { BrokerPlatform } from './BrokerPlatform.js'
import type { BrokerStatus } from './BrokerStatus.js'
import { keepBrokerToken, type BrokerTokenRequest } from './keepBrokerToken.js'
import { requestParameters, type ParameterOptions } from './requestParameters.js'

/** How a broker is asked. */
export interface BrokerQuestions {
  readonly platform: BrokerPlatform
  /** Asks, with the library's errors turned into ours; what is got is kept. */
  ask(
    client: Client,
    endpoints: Endpoints,
    request: BrokerTokenRequest,
    operation: () => Promise<MsalRuntimeToken | undefined>,
  ): Promise<AuthenticationResult | undefined>
  /** Makes the library's parameters of a request. */
  parameters(
    client: Client,
    endpoints: Endpoints,
    request: BrokerSilentRequest | BrokerInteractiveRequest,
    more?: ParameterOptions,
  ): Promise<MsalRuntimeParameters>
  /** What the last answer said of this device or app, where that will be said again. */
  refusal: BrokerStatus | undefined
}

/**
 * Tells whether the library itself says that the broker is not there after all.
 *
 * @param error What an operation threw.
 * @returns Whether that is it.
 */
export const isMissing = (error: unknown): boolean =>
  error instanceof MsalRuntimeError && /^(RequiredBrokerMissing|FallbackToNativeMsal)$/.test(error.status)

/**
 * Makes what asks a broker.
 *
 * @param platform The operating system's own.
 * @param msaPassthrough Whether personal accounts sign in through `organizations`.
 * @returns What asks it.
 */
export function brokerQuestions(platform: BrokerPlatform, msaPassthrough: boolean): BrokerQuestions {
  const questions: BrokerQuestions = {
    platform,
    refusal: undefined,
    async ask(client, endpoints, request, operation) {
      const tell = (telemetry: string | undefined): void => {
        const fields = client.logger && telemetryFields(telemetry)
        if (fields) client.logger?.('debug', `${platform.name} answered`, fields)
      }
      const told = async (): Promise<MsalRuntimeToken | undefined> => {
        const token = await operation()
        tell(token?.telemetry)
        return token
      }
      try {
        const result = await keepBrokerToken(client, endpoints, request, told)
        questions.refusal = undefined
        return result
      } catch (error) {
        if (error instanceof MsalRuntimeError) tell(error.telemetry)
        if (!(error instanceof MsalRuntimeError) || isMissing(error)) throw error
        const redirectUris = platform.redirectUrisToRegister(client.clientId)
        questions.refusal = refusalOf(error, redirectUris) ?? questions.refusal
        throw brokerError(error, platform.name, redirectUris, request.correlationId)
      }
    },
    parameters: (client, endpoints, request, more) =>
      requestParameters(client, endpoints, request, {
        msaPassthrough,
        redirectUri: platform.namesRedirectUriSilently ? platform.redirectUri(client.clientId) : undefined,
        ...more,
      }),
  }
  return questions
}

function refusalOf(error: MsalRuntimeError, redirectUris: readonly string[]): BrokerStatus | undefined {
  if (isRedirectUriRefused(error)) {
    const nextStep = `Register the redirect URI ${redirectUris.join(' and ')}`
    return { state: 'wrong_redirect_uri', message: 'The app lacks the redirect URI of the broker', nextStep }
  }
  if (error.status !== 'DeviceNotRegistered') return undefined
  const nextStep = 'Enrol this device with the organization'
  return { state: 'not_enrolled', message: 'This device is not enrolled', nextStep }
}
