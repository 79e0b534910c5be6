import { createSession, findSession, sessionCookie } from '../browserSession.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { createInteraction } from '../interaction/createInteraction.js'
import { errorResponse, silentRefusal } from '../interaction/authorizationResponse.js'
import { nextStep } from '../interaction/nextStep.js'
import { readAddressedRequest, readAuthorizationRequest } from '../interaction/readAuthorizationRequest.js'
import { sendAuthorizationResponse } from '../pages/sendAuthorizationResponse.js'
import { resolveTenantPath, type PathSegments } from '../tenantPath.js'
import { showStep } from './login.js'

/**
 * Answers the authorization endpoint: signs the user in with the session, or shows the first page.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segments What its path names.
 * @returns The page, or the response to the app.
 * @throws {EntraError} for what must not be sent to the redirect URI.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-3.1 RFC 6749, section 3.1}
 */
export async function authorize(service: Service, exchange: Exchange, segments: PathSegments): Promise<Response> {
  const path = resolveTenantPath(service.directory, exchange.url, segments)
  const addressed = readAddressedRequest(service, exchange, path)
  const request = readAuthorizationRequest(service, addressed)
  if (request instanceof EntraError)
    return sendAuthorizationResponse(errorResponse(exchange, addressed, request), service)

  const known = findSession(service.memory, exchange)
  const session = known ?? createSession(service.memory)
  const interaction = createInteraction(service.memory, session, { authorization: request }, exchange.now)
  const step = nextStep(service, interaction, exchange.now)
  if (request.prompts.has('none') && step.kind !== 'done' && step.kind !== 'refused')
    interaction.refusal = silentRefusal(step, interaction)
  const cookie = known ? undefined : sessionCookie(session, exchange.url)
  return showStep(service, exchange, interaction, { cookie })
}
