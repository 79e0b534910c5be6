import type { AuthorizationCode } from './AuthorizationCode.js'
import type { DeviceCode } from './DeviceCode.js'
import type { Interaction } from './interaction/Interaction.js'
import type { RefreshToken } from './RefreshToken.js'
import { remember } from './remember.js'
import type { Session } from './Session.js'
import type { SignIn } from './SignIn.js'

/** What an emulator keeps between requests; every map is bounded. */
export interface Memory {
  readonly codes: Map<string, AuthorizationCode>
  readonly refreshTokens: Map<string, RefreshToken>
  readonly deviceCodes: Map<string, DeviceCode>
  readonly sessions: Map<string, Session>
  readonly interactions: Map<string, Interaction>
  readonly signIns: Map<string, SignIn>
  /** Nonces for proofs, and until when they are taken; ms since the epoch. */
  readonly nonces: Map<string, number>
  /** Proofs that were taken, and until when they are not again. */
  readonly proofs: Map<string, number>
  /** Keys that Azure Arc's agent has written, by path; each is good once. */
  readonly arcKeys: Map<string, string>
  /** When the sessions of a user were ended, in ms since the epoch. */
  readonly revokedAt: Map<string, number>
}

/**
 * Makes an empty memory.
 *
 * @returns The memory.
 */
export function createMemory(): Memory {
  return {
    codes: new Map(),
    refreshTokens: new Map(),
    deviceCodes: new Map(),
    sessions: new Map(),
    interactions: new Map(),
    signIns: new Map(),
    nonces: new Map(),
    proofs: new Map(),
    arcKeys: new Map(),
    revokedAt: new Map(),
  }
}

/**
 * Begins a sign-in.
 *
 * @param memory Where it is kept.
 * @param userId The user's object ID in the home tenant.
 * @param at When the password was entered, in ms since the epoch.
 * @param hasMfa Whether the second factor was given.
 * @returns The sign-in.
 */
export function beginSignIn(memory: Memory, userId: string, at: number, hasMfa = false): SignIn {
  const signIn: SignIn = { id: crypto.randomUUID(), userId, at, hasMfa }
  remember(memory.signIns, signIn.id, signIn)
  return signIn
}

/**
 * Ends every session of a user.
 *
 * @param memory Where they are kept.
 * @param userId The user's object ID in the home tenant.
 * @param now ms since the epoch.
 */
export function revokeSignIns(memory: Memory, userId: string, now: number): void {
  remember(memory.revokedAt, userId, now)
  for (const [id, signIn] of memory.signIns) if (signIn.userId === userId) memory.signIns.delete(id)
}

/**
 * Tells whether a sign-in has been ended.
 *
 * A sign-in that is not remembered any more is judged by its time.
 *
 * @param memory Where sign-ins are kept.
 * @param signIn The sign-in.
 * @returns Whether it has.
 */
export function isRevoked(memory: Memory, signIn: Pick<SignIn, 'id' | 'userId' | 'at'>): boolean {
  const revokedAt = memory.revokedAt.get(signIn.userId)
  return revokedAt !== undefined && !memory.signIns.has(signIn.id) && signIn.at <= revokedAt
}
