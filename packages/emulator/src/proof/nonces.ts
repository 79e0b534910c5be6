import type { Memory } from '../memory.js'
import { randomBase64url } from '../randomBase64url.js'
import { remember } from '../remember.js'
import { ProofError } from './ProofError.js'

/** How long a nonce is taken, in ms. */
const lifetime = 300_000

/**
 * Gives a nonce for proofs.
 *
 * @param memory Where it is kept.
 * @param now ms since the epoch.
 * @returns The nonce.
 */
export function issueNonce(memory: Memory, now: number): string {
  const nonce = randomBase64url(24)
  remember(memory.nonces, nonce, now + lifetime)
  return nonce
}

/**
 * Checks a proof's nonce.
 *
 * @param memory Where nonces are kept.
 * @param now ms since the epoch.
 * @param nonce What the proof has.
 * @throws {ProofError} with a new nonce where it is not one, or an old one.
 */
export function checkNonce(memory: Memory, now: number, nonce: unknown): void {
  if (!((memory.nonces.get(String(nonce)) ?? 0) > now))
    throw new ProofError('A nonce of this server is needed', issueNonce(memory, now))
}

/**
 * Takes a proof once.
 *
 * @param memory Where proofs are kept that were taken.
 * @param now ms since the epoch.
 * @param id What tells it from others.
 * @param wantsNonce Whether a new nonce helps.
 * @throws {ProofError} when it was taken before.
 */
export function takeProof(memory: Memory, now: number, id: string, wantsNonce: boolean): void {
  if ((memory.proofs.get(id) ?? 0) > now)
    throw new ProofError('The proof was used before', wantsNonce ? issueNonce(memory, now) : undefined)
  remember(memory.proofs, id, now + 2 * lifetime)
}

/**
 * Checks how old a proof is.
 *
 * @param now ms since the epoch.
 * @param seconds When it was made.
 * @throws {ProofError} when that is more than 300 s from now, or no time.
 */
export function checkAge(now: number, seconds: unknown): void {
  if (typeof seconds !== 'number' || !(Math.abs(now - seconds * 1000) <= lifetime))
    throw new ProofError('The proof is too old, or of the future')
}
