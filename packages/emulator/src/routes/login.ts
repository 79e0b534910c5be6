import { findSession } from '../browserSession.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findInteraction } from '../interaction/createInteraction.js'
import { successResponse, errorResponse } from '../interaction/authorizationResponse.js'
import type { Interaction } from '../interaction/Interaction.js'
import { nextStep } from '../interaction/nextStep.js'
import { submitStep } from '../interaction/submitStep.js'
import { settleDevice } from '../interaction/settleDevice.js'
import { messagePage } from '../pages/messagePage.js'
import { pageResponse } from '../pages/page.js'
import { sendAuthorizationResponse } from '../pages/sendAuthorizationResponse.js'
import { stepPage } from '../pages/stepPage.js'

/**
 * Answers a form of the sign-in pages.
 *
 * @param service The emulator.
 * @param exchange The request; its form says which interaction it belongs to.
 * @returns The next page, or the response to the app.
 * @throws {EntraError} 165000 when the form belongs to no interaction of this browser.
 */
export async function login(service: Service, exchange: Exchange): Promise<Response> {
  const { form, now } = exchange
  const session = findSession(service.memory, exchange)
  const interaction = findInteraction(service.memory, session, form.get('ctx') ?? '', now)
  if (!interaction) throw new EntraError(165000)
  const error = submit(service, interaction, form, now)
  return showStep(service, exchange, interaction, { error })
}

/**
 * Shows what a person has to do next, or answers the app when nothing is left.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param interaction How far they are.
 * @param options The session's cookie where it is new, and why a step is shown again.
 * @returns The page, or the response to the app.
 */
export async function showStep(
  service: Service,
  exchange: Exchange,
  interaction: Interaction,
  options: { readonly cookie?: string | undefined; readonly error?: EntraError | undefined } = {},
): Promise<Response> {
  const { coop } = service
  const { cookie, error } = options
  const step = nextStep(service, interaction, exchange.now)
  if (step.kind !== 'done' && step.kind !== 'refused')
    return pageResponse({ ...stepPage(service, interaction, step, error), coop, cookie })

  const { authorization } = interaction
  service.memory.interactions.delete(interaction.id)
  if (authorization) {
    const response =
      step.kind === 'done'
        ? successResponse(service, exchange, interaction, authorization, step.identity)
        : errorResponse(exchange, authorization, step.error)
    return sendAuthorizationResponse(response, { coop, cookie })
  }
  settleDevice(interaction, step)
  return step.kind === 'done'
    ? messagePage(service, 'You are signed in on your device', 'You can close this window.', cookie)
    : messagePage(
        service,
        'The sign-in was declined',
        'Nothing was given to the device. You can close this window.',
        cookie,
      )
}

function submit(
  service: Service,
  interaction: Interaction,
  form: URLSearchParams,
  now: number,
): EntraError | undefined {
  const text = (name: string): string | undefined => form.get(name) ?? undefined
  try {
    submitStep(
      service,
      interaction,
      nextStep(service, interaction, now),
      {
        choice: text('choice'),
        username: text('username'),
        name: text('name'),
        password: text('password'),
        newPassword: text('newPassword'),
        code: text('code'),
        everybody: form.has('everybody'),
      },
      now,
    )
    return undefined
  } catch (error) {
    if (error instanceof EntraError) return error
    throw error
  }
}
