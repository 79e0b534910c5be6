import { base64url } from '../keys/base64url.js'
import type { ProofCheckOptions } from './ProofCheckOptions.js'
import { refusal } from './refusal.js'
import { memoryReplays, type ReplayStore } from './memoryReplays.js'

let own: ReplayStore | undefined

/** When a proof was made, and what makes it another one. */
export interface Freshness {
  readonly seconds: unknown
  readonly nonce: unknown
  readonly id: string
  readonly code: 'invalid_token' | 'invalid_dpop_proof'
}

/**
 * Checks that a proof was made now, with a nonce where one is wanted, and was not taken before; called when all else is right.
 *
 * @param freshness What the proof says.
 * @param options Age, nonces, and where proofs are kept.
 * @throws {AuthError} `access_denied`.
 */
export async function checkFreshness(
  { seconds, nonce, id, code }: Freshness,
  { maxAge = 300, nonces, replays = (own ??= memoryReplays()), now = Date.now }: ProofCheckOptions,
): Promise<void> {
  if (typeof seconds !== 'number' || !(Math.abs(now() / 1000 - seconds) <= maxAge))
    throw refusal(code, 'the proof is too old, or of the future')
  const wanted = nonces ? 'use_dpop_nonce' : code
  if (nonces && !(typeof nonce === 'string' && (await nonces.check(nonce)))) throw refusal(wanted, 'a nonce is missing')
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(id))
  const name = base64url(String.fromCharCode(...new Uint8Array(digest)))
  if (!(await replays.take(name, (seconds + maxAge) * 1000))) throw refusal(wanted, 'the proof was used before')
}
