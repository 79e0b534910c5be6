import type { App } from '../App.js'
import { needsMfa } from '../conditionalAccess.js'
import { EntraError } from '../EntraError.js'
import type { Service } from '../Exchange.js'
import { findIdentity, hasIdentity, type Identity } from '../identity.js'
import { isRevoked } from '../memory.js'
import { missingPermissions } from '../permissions.js'
import { readScopes } from '../scopes.js'
import { consumersTenantId } from '../seed.js'
import type { User } from '../User.js'
import type { Interaction } from './Interaction.js'

/** The permissions of one API that a consent page asks for. */
export interface AskedPermissions {
  readonly api: App
  readonly names: readonly string[]
}

/** What a person has to do next. */
export type Step =
  | { readonly kind: 'pick'; readonly users: readonly User[] }
  | { readonly kind: 'create' }
  | { readonly kind: 'username' }
  | { readonly kind: 'password' | 'newPassword' | 'mfa' | 'confirm'; readonly user: User }
  | {
      readonly kind: 'consent' | 'approval'
      readonly user: User
      readonly openid: ReadonlySet<string>
      readonly asked: readonly AskedPermissions[]
    }
  | { readonly kind: 'done'; readonly identity: Identity }
  | { readonly kind: 'refused'; readonly error: EntraError }

/**
 * Finds out what a person has to do next to be signed in.
 *
 * @param service The emulator.
 * @param interaction How far they are; an account of the session is chosen in it where only one will do.
 * @param now ms since the epoch.
 * @returns The step.
 */
export function nextStep(service: Service, interaction: Interaction, now: number): Step {
  try {
    if (interaction.refusal) return { kind: 'refused', error: interaction.refusal }
    return chooseAccount(service, interaction) ?? checkAccount(service, interaction, now)
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    interaction.refusal = error
    return { kind: 'refused', error }
  }
}

function chooseAccount(service: Service, interaction: Interaction): Step | undefined {
  const { directory } = service
  const { request } = interaction
  const { prompts, loginHint } = request
  if (interaction.userId !== undefined && directory.users.has(interaction.userId)) return undefined
  if (interaction.wantsAccount) return { kind: 'create' }
  const users = signedInUsers(service, interaction)
  const mayChoose = !interaction.wantsOther && !interaction.mustPick
  if (loginHint !== undefined && mayChoose) {
    const hinted = directory.findUser(loginHint, request.path.tenant?.id)
    interaction.username = loginHint
    const isSignedIn = hinted !== undefined && users.includes(hinted)
    const isAdmitted = hinted && !prompts.has('none') && hasIdentity(directory, request.path, request.client, hinted)
    return isSignedIn || isAdmitted ? use(interaction, hinted) : { kind: 'username' }
  }
  if (users.length === 1 && mayChoose) return use(interaction, users[0]!)
  return users.length > 0 && !interaction.wantsOther ? { kind: 'pick', users } : { kind: 'username' }
}

function checkAccount(service: Service, interaction: Interaction, now: number): Step {
  const { directory } = service
  const { request } = interaction
  const user = directory.users.get(interaction.userId ?? '')!
  const isOver = user.isDisabled || (interaction.signIn && isRevoked(service.memory, interaction.signIn))
  const signIn = isOver ? undefined : interaction.signIn
  const identity = findIdentity(directory, request.path, request.client, user)
  const { maxAge } = request
  const isTooOld = signIn && maxAge !== undefined && (maxAge === 0 || now - signIn.at > maxAge * 1000)
  const isAskedAgain = request.prompts.has('login') || isTooOld
  if (!signIn || (isAskedAgain && !interaction.isFresh)) return { kind: 'password', user }
  if (user.mustChangePassword) return { kind: 'newPassword', user }

  const isAdfs = request.path.shape === 'adfs'
  const scopes = isAdfs
    ? { openid: new Set<string>(), resources: [] }
    : readScopes(directory, request.client, identity.tenant.id, request.scope)
  const apis = scopes.resources.map(({ api }) => api)
  if (!signIn.hasMfa && needsMfa({ ...request, user, apis })) return { kind: 'mfa', user }
  if (interaction.device && !interaction.hasConfirmed) return { kind: 'confirm', user }
  if (isAdfs || interaction.hasConsented) return { kind: 'done', identity }

  const holder = { client: request.client, tenantId: identity.tenant.id, userId: identity.id }
  const missing = missingPermissions(directory, holder, scopes)
  if (missing.length === 0 && !request.prompts.has('consent')) return { kind: 'done', identity }
  const asked = missing.length > 0 ? missing : scopes.resources.filter(({ names }) => names.length > 0)
  return { kind: isBeyond(user, missing) ? 'approval' : 'consent', user, openid: scopes.openid, asked }
}

/** Only an administrator can consent to some permissions. */
function isBeyond(user: User, missing: readonly AskedPermissions[]): boolean {
  const needsAdmin = ({ api, names }: AskedPermissions): boolean =>
    api.scopes?.some((scope) => scope.needsAdmin && names.includes(scope.value)) ?? false
  return !user.isAdmin && missing.some(needsAdmin)
}

/** Lists the users of the session that could go on without a username. */
function signedInUsers(service: Service, interaction: Interaction): readonly User[] {
  return Array.from(interaction.session.signIns.values())
    .filter((signIn) => !isRevoked(service.memory, signIn))
    .flatMap(({ userId }) => service.directory.users.get(userId) ?? [])
    .filter(
      (user) =>
        !user.isDisabled &&
        isHinted(user, interaction) &&
        hasIdentity(service.directory, interaction.request.path, interaction.request.client, user),
    )
}

function isHinted(user: User, { request: { domainHint } }: Interaction): boolean {
  if (domainHint === undefined) return true
  const isPersonal = user.tenantId === consumersTenantId
  if (domainHint === 'consumers' || domainHint === 'organizations') return isPersonal === (domainHint === 'consumers')
  return user.username.toLowerCase().endsWith(`@${domainHint}`)
}

function use(interaction: Interaction, user: User): undefined {
  interaction.userId = user.id
  interaction.signIn = interaction.session.signIns.get(user.id)
  return undefined
}
