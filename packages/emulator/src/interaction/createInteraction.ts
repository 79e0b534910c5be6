import type { DeviceCode } from '../DeviceCode.js'
import type { Memory } from '../memory.js'
import { randomBase64url } from '../randomBase64url.js'
import { remember } from '../remember.js'
import type { Session } from '../Session.js'
import type { AuthorizationRequest } from './AuthorizationRequest.js'
import type { Interaction } from './Interaction.js'

const lifetime = 60 * 60 * 1000

/**
 * Begins an interaction.
 *
 * @param memory Where it is kept.
 * @param session The browser.
 * @param purpose What is asked: an authorization, or the sign-in of a device.
 * @param now ms since the epoch.
 * @returns The interaction.
 */
export function createInteraction(
  memory: Memory,
  session: Session,
  purpose: { readonly authorization: AuthorizationRequest } | { readonly device: DeviceCode },
  now: number,
): Interaction {
  const request = 'device' in purpose ? purpose.device.request : purpose.authorization
  const interaction: Interaction = {
    ...purpose,
    ...{ id: randomBase64url(24), session, request, createdAt: now },
    ...{
      isFresh: false,
      wantsOther: false,
      mustPick: request.prompts.has('select_account'),
      hasConsented: false,
      hasConfirmed: false,
    },
    wantsAccount: request.prompts.has('create'),
  }
  remember(memory.interactions, interaction.id, interaction)
  return interaction
}

/**
 * Finds the interaction that a form belongs to.
 *
 * @param memory Where it is kept.
 * @param session The browser that sent the form.
 * @param id What the form carries.
 * @param now ms since the epoch.
 * @returns The interaction; undefined when it has expired, or belongs to another browser.
 */
export function findInteraction(
  memory: Memory,
  session: Session | undefined,
  id: string,
  now: number,
): Interaction | undefined {
  const interaction = memory.interactions.get(id)
  if (!interaction || !session || interaction.session.id !== session.id) return undefined
  return now - interaction.createdAt > lifetime ? undefined : interaction
}
