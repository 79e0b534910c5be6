import { EntraError } from '../EntraError.js'
import type { Service } from '../Exchange.js'
import { findIdentity } from '../identity.js'
import { beginSignIn, isRevoked } from '../memory.js'
import { consumersTenantId } from '../seed.js'
import type { SignIn } from '../SignIn.js'
import type { Interaction } from './Interaction.js'
import type { Step } from './nextStep.js'

/** The second factor of every user; the page shows it. */
export const mfaCode = '123456'

/** How many users a directory may have when people make their own accounts. */
const mostUsers = 10_000

/** What a person filled in. */
export interface StepFields {
  /** The button: `cancel`, `back`, `other`, `create`, or an object ID on the list of accounts. */
  readonly choice?: string | undefined
  readonly username?: string | undefined
  readonly name?: string | undefined
  readonly password?: string | undefined
  readonly newPassword?: string | undefined
  readonly code?: string | undefined
  /** Consent for everybody in the tenant. */
  readonly everybody?: boolean | undefined
}

/**
 * Takes what a person filled in.
 *
 * @param service The emulator.
 * @param interaction How far they are; goes on.
 * @param step What they were asked.
 * @param fields What they filled in.
 * @param now ms since the epoch.
 * @throws {EntraError} when it is wrong: the same step is shown again, with the reason.
 */
export function submitStep(
  service: Service,
  interaction: Interaction,
  step: Step,
  fields: StepFields,
  now: number,
): void {
  const { choice } = fields
  if (choice === 'cancel') {
    interaction.refusal = step.kind === 'approval' ? approvalRefusal(step) : new EntraError(65004)
    return
  }
  if (choice === 'back' || choice === 'other') return startOver(interaction)
  if (choice === 'create' && hasSignUp(interaction)) {
    interaction.wantsAccount = true
    return
  }
  switch (step.kind) {
    case 'pick':
      return pickAccount(interaction, step.users.find(({ id }) => id === choice)?.id, service)
    case 'create':
      return createAccount(service, interaction, fields, now)
    case 'username':
      return enterUsername(service, interaction, fields.username ?? '')
    case 'password':
      return enterPassword(service, interaction, fields.password ?? '', now)
    case 'newPassword': {
      if (!fields.newPassword || fields.newPassword === step.user.password)
        throw new EntraError(9002313, { reason: 'the new password must not be the old one' })
      return service.directory.addUser({ ...step.user, password: fields.newPassword, mustChangePassword: false })
    }
    case 'mfa':
      if (fields.code?.trim() !== mfaCode) throw new EntraError(500121)
      // a new one: what was issued for the old one stays without the second factor
      return keep(interaction, beginSignIn(service.memory, step.user.id, interaction.signIn?.at ?? now, true))
    case 'confirm':
      interaction.hasConfirmed = true
      return
    case 'consent':
      return giveConsent(service, interaction, step, fields.everybody === true)
    case 'approval':
    case 'done':
    case 'refused':
  }
}

/**
 * Tells whether people can make an account of their own where they sign in.
 *
 * @param interaction What is asked.
 * @returns Whether they can.
 */
export function hasSignUp({ request: { path } }: Interaction): boolean {
  return path.shape === 'b2c' || path.shape === 'ciam' || path.segment === 'consumers' || path.segment === 'common'
}

function startOver(interaction: Interaction): void {
  interaction.userId = undefined
  interaction.signIn = undefined
  interaction.isFresh = false
  interaction.wantsAccount = false
  interaction.wantsOther = true
}

function pickAccount(interaction: Interaction, userId: string | undefined, { memory }: Service): void {
  const signIn = interaction.session.signIns.get(userId ?? '')
  if (!signIn || isRevoked(memory, signIn)) return startOver(interaction)
  interaction.userId = userId
  interaction.signIn = signIn
}

function enterUsername({ directory }: Service, interaction: Interaction, username: string): void {
  const { path, client } = interaction.request
  interaction.username = username.slice(0, 200)
  if (!username.trim()) throw new EntraError(900144, { parameter: 'username' })
  const user = directory.findUser(username, path.tenant?.id)
  if (!user) throw new EntraError(50034, { user: username, tenant: path.tenant?.name ?? path.segment })
  findIdentity(directory, path, client, user)
  interaction.userId = user.id
  interaction.signIn = undefined
}

function enterPassword({ directory, memory }: Service, interaction: Interaction, password: string, now: number): void {
  const user = directory.users.get(interaction.userId ?? '')
  if (!user?.password || user.password !== password) throw new EntraError(50126)
  if (user.isDisabled) throw new EntraError(50057)
  interaction.isFresh = true
  keep(interaction, beginSignIn(memory, user.id, now))
}

function createAccount(
  { directory, memory }: Service,
  interaction: Interaction,
  fields: StepFields,
  now: number,
): void {
  const { path } = interaction.request
  const { username = '', password = '', name } = fields
  if (!/^[^\s@<>]{1,64}@[^\s@<>]{1,190}$/.test(username))
    throw new EntraError(9002313, { reason: 'the username must be an e-mail address' })
  if (!password) throw new EntraError(9002313, { reason: 'the password is missing' })
  const tenantId = path.tenant?.id ?? consumersTenantId
  const existing = directory.findUser(username, tenantId)
  if (existing && (existing.tenantId === tenantId || tenantId === consumersTenantId))
    throw new EntraError(9002313, { reason: 'there is an account of that name' })
  if (directory.users.size >= mostUsers) throw new EntraError(9002313, { reason: 'there are too many accounts' })
  const id = crypto.randomUUID()
  directory.addUser({ id, tenantId, username, password, name: name?.slice(0, 100) || username })
  interaction.userId = id
  interaction.wantsAccount = false
  interaction.isFresh = true
  keep(interaction, beginSignIn(memory, id, now))
}

function keep(interaction: Interaction, signIn: SignIn): void {
  interaction.signIn = signIn
  interaction.session.signIns.set(signIn.userId, signIn)
}

function giveConsent(
  { directory }: Service,
  interaction: Interaction,
  step: Extract<Step, { readonly kind: 'consent' | 'approval' }>,
  isForEverybody: boolean,
): void {
  const { client, path } = interaction.request
  const { tenant, id } = findIdentity(directory, path, client, step.user)
  const userId = isForEverybody && step.user.isAdmin ? undefined : id
  for (const { api, names } of step.asked)
    directory.consents.grant({
      ...{ clientId: client.clientId, tenantId: tenant.id },
      userId,
      apiId: api.clientId,
      scopes: names,
    })
  interaction.hasConsented = true
}

function approvalRefusal(step: Extract<Step, { readonly kind: 'consent' | 'approval' }>): EntraError {
  return new EntraError(90094, { scope: step.asked.flatMap(({ names }) => names).join(' ') })
}
