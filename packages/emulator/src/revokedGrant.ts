import { EntraError } from './EntraError.js'
import type { Service } from './Exchange.js'
import type { SignIn } from './SignIn.js'

/**
 * Makes the refusal of what was issued before the user's sessions were ended.
 *
 * @param service The emulator.
 * @param signIn The sign-in that it goes back to.
 * @returns The refusal.
 */
export function revokedGrant({ memory }: Service, signIn: Pick<SignIn, 'userId' | 'at'>): EntraError {
  const from = memory.revokedAt.get(signIn.userId) ?? signIn.at
  return new EntraError(50173, { issued: new Date(signIn.at).toISOString(), from: new Date(from).toISOString() })
}
