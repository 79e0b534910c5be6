import { createSession } from './browserSession.js'
import { EntraError } from './EntraError.js'
import type { Exchange, Service } from './Exchange.js'
import { createInteraction } from './interaction/createInteraction.js'
import { successResponse, errorResponse, silentRefusal } from './interaction/authorizationResponse.js'
import type { Interaction } from './interaction/Interaction.js'
import { nextStep, type Step } from './interaction/nextStep.js'
import { readAddressedRequest, readAuthorizationRequest } from './interaction/readAuthorizationRequest.js'
import { settleDevice } from './interaction/settleDevice.js'
import { mfaCode, submitStep, type StepFields } from './interaction/submitStep.js'
import { beginSignIn } from './memory.js'
import { findDeviceCode } from './routes/deviceAuthorization.js'
import { resolveTenantPath, type PathSegments } from './tenantPath.js'

/** What a person does on the pages. */
export interface Person {
  /** Who signs in. */
  readonly username: string
  /** What they enter. @default their password */
  readonly password?: string | undefined
  /** Whether they accept what an app asks for, or cancel. @default true */
  readonly consent?: boolean | undefined
  /** Whether they give the second factor, or cancel. @default true */
  readonly mfa?: boolean | undefined
  /** Whether their browser has signed them in before, which `prompt=none` needs. @default false */
  readonly isSignedIn?: boolean | undefined
}

/** How a sign-in without a browser ended: with a code, or with an OAuth error. */
export interface SignInResult {
  /** Where the response goes. */
  readonly redirectUri: string
  /** The parameters of the response. */
  readonly response: Readonly<Record<string, string>>
}

type End = Extract<Step, { readonly kind: 'done' | 'refused' }>

/**
 * Signs a person in at the authorization endpoint, as the pages do.
 *
 * @param service The emulator.
 * @param exchange A request for the authorization URL.
 * @param person What they do.
 * @returns The response to the app.
 * @throws {EntraError} for what a page would say: an unknown user, a wrong password, a redirect URI that is not registered.
 */
export function signInAs(service: Service, exchange: Exchange, person: Person): SignInResult {
  const path = resolveTenantPath(service.directory, exchange.url, readSegments(exchange.url))
  const addressed = readAddressedRequest(service, exchange, path)
  const { redirectUri } = addressed.target
  const authorization = readAuthorizationRequest(service, addressed)
  if (authorization instanceof EntraError)
    return { redirectUri, response: errorResponse(exchange, addressed, authorization).parameters }

  const session = createSession(service.memory)
  const user = service.directory.findUser(person.username, path.tenant?.id)
  if (person.isSignedIn && user) session.signIns.set(user.id, beginSignIn(service.memory, user.id, exchange.now))
  const interaction = createInteraction(service.memory, session, { authorization }, exchange.now)
  const end = walk(service, interaction, person, exchange.now)
  const { parameters } =
    end.kind === 'done'
      ? successResponse(service, exchange, interaction, authorization, end.identity)
      : errorResponse(exchange, addressed, end.error)
  return { redirectUri, response: parameters }
}

/**
 * Approves or declines the sign-in of a device.
 *
 * @param service The emulator.
 * @param userCode What the device shows.
 * @param person Who approves it; undefined to decline it.
 * @param now ms since the epoch.
 * @throws {EntraError} 70018 for an unknown code, or what a page would say.
 */
export function settleDeviceAs(service: Service, userCode: string, person: Person | undefined, now: number): void {
  const device = findDeviceCode(service, userCode, now)
  if (!person) {
    device.state = 'declined'
    return
  }
  const interaction = createInteraction(service.memory, createSession(service.memory), { device }, now)
  settleDevice(interaction, walk(service, interaction, person, now))
}

function walk(service: Service, interaction: Interaction, person: Person, now: number): End {
  for (let steps = 0; steps < 12; steps++) {
    const step = nextStep(service, interaction, now)
    if (step.kind === 'done' || step.kind === 'refused') return step
    if (interaction.request.prompts.has('none')) return { kind: 'refused', error: silentRefusal(step, interaction) }
    submitStep(service, interaction, step, fieldsOf(step, person), now)
  }
  throw new EntraError(165000)
}

function fieldsOf(step: Step, person: Person): StepFields {
  const { username } = person
  const isDeclined =
    (step.kind === 'mfa' && person.mfa === false) || (step.kind === 'consent' && person.consent === false)
  if (isDeclined || step.kind === 'approval') return { choice: 'cancel' }
  switch (step.kind) {
    case 'pick':
      return {
        choice: step.users.find((user) => user.username.toLowerCase() === username.toLowerCase())?.id ?? 'other',
      }
    case 'password': {
      // an account that a hint has chosen may be another one
      if (step.user.username.toLowerCase() !== username.trim().toLowerCase()) return { choice: 'other' }
      return { password: person.password ?? step.user.password ?? '' }
    }
    case 'newPassword':
      throw new EntraError(50055)
    case 'create':
      return { username, password: person.password ?? 'password' }
    default:
      return { username, code: mfaCode }
  }
}

function readSegments({ pathname }: URL): PathSegments {
  const match = /^(\/tfp)?\/([^/]+)(?:\/([^/]+))?\/oauth2\/(?:v2\.0\/)?authorize\/?$/i.exec(pathname)
  if (!match?.[2]) throw new EntraError(9002313, { reason: 'the URL is not one of an authorization endpoint' })
  const [, tfp, tenant, policy] = match
  return { tenant: tenant.toLowerCase(), policy: policy?.toLowerCase(), isTfp: tfp !== undefined }
}
