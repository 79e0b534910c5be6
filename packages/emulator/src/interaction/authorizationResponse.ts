import type { AuthorizationCode } from '../AuthorizationCode.js'
import { clientInfo } from '../clientInfo.js'
import { EntraError, entraErrorBody } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import type { Identity } from '../identity.js'
import { issuerOf } from '../issuer.js'
import { randomBase64url } from '../randomBase64url.js'
import { remember } from '../remember.js'
import type { AuthorizationRequest, ResponseTarget } from './AuthorizationRequest.js'
import type { AddressedRequest } from './readAuthorizationRequest.js'
import type { Interaction } from './Interaction.js'
import type { Step } from './nextStep.js'

/** What an app is answered at its redirect URI. */
export interface AuthorizationResponse {
  readonly target: ResponseTarget
  readonly parameters: Readonly<Record<string, string>>
}

const codeLifetime = 10 * 60 * 1000

/**
 * Answers an authorization request whose user is signed in: issues the code.
 *
 * @param service The emulator.
 * @param exchange The request that completed it.
 * @param interaction What is answered; it can be answered once.
 * @param request The authorization request.
 * @param identity Who signed in.
 * @returns The response.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 RFC 6749, section 4.1.2}
 */
export function successResponse(
  service: Service,
  exchange: Pick<Exchange, 'url' | 'now'>,
  interaction: Interaction,
  request: AuthorizationRequest,
  identity: Identity,
): AuthorizationResponse {
  const { path, target } = request
  const { user, tenant } = identity
  const entry: AuthorizationCode = {
    id: crypto.randomUUID(),
    request,
    userId: user.id,
    tenantId: tenant.id,
    signIn: interaction.signIn!,
    expiresAt: exchange.now + codeLifetime,
    isRedeemed: false,
  }
  const code = `1.${randomBase64url(48)}`
  remember(service.memory.codes, code, entry)
  return {
    target,
    parameters: {
      code,
      ...(request.wantsClientInfo && path.shape !== 'adfs' ? { client_info: clientInfo(path, user) } : {}),
      ...(target.state === undefined ? {} : { state: target.state }),
      session_state: entry.signIn.id,
      ...(path.shape === 'entra' ? {} : { iss: issuerOf(exchange.url, path, tenant.id) }),
    },
  }
}

/**
 * Answers an authorization request with an error.
 *
 * @param exchange The request that ended it.
 * @param request The authorization request, as far as it was read.
 * @param error Why.
 * @returns The response.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 RFC 6749, section 4.1.2.1}
 */
export function errorResponse(
  exchange: Exchange,
  request: Pick<AddressedRequest, 'path' | 'target'>,
  error: EntraError,
): AuthorizationResponse {
  const { path, target } = request
  const body = entraErrorBody(error, exchange)
  const isCancelled = error.number === 65004 || error.number === 90094
  return {
    target,
    parameters: {
      // the endpoints of tokens call the same refusal an invalid grant
      error: body.error === 'invalid_grant' ? 'access_denied' : body.error,
      ...(isCancelled ? { error_subcode: 'cancel' } : {}),
      error_description: body.error_description,
      error_uri: body.error_uri,
      ...(target.state === undefined ? {} : { state: target.state }),
      ...(error.claims === undefined ? {} : { claims: error.claims }),
      ...(path.shape === 'entra' || !path.tenant ? {} : { iss: issuerOf(exchange.url, path, path.tenant.id) }),
    },
  }
}

/**
 * Names the refusal of `prompt=none` where a person would have to do something.
 *
 * @param step What they would have to do.
 * @param interaction What was asked.
 * @returns The refusal.
 */
export function silentRefusal(step: Step, { request: { client } }: Interaction): EntraError {
  switch (step.kind) {
    case 'pick':
      return new EntraError(16000)
    case 'mfa':
      return new EntraError(50076, { resource: client.clientId })
    case 'consent':
    case 'approval': {
      const scope = step.asked.flatMap(({ names }) => names).join(' ')
      return new EntraError(
        65001,
        { app: client.clientId, name: client.name ?? '', scope },
        { error: 'consent_required' },
      )
    }
    case 'refused':
      return step.error
    default:
      return new EntraError(50058)
  }
}
