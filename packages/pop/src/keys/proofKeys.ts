import { expect } from '@latchkey/core/internal'
import type { KeyStore, StoredKey } from './KeyStore.js'
import { generateKeyPair } from './generateKeyPair.js'
import { memoryKeys } from './memoryKeys.js'
import type { ProofAlgorithm } from './ProofAlgorithm.js'
import { publicJwk } from './publicJwk.js'
import { remember } from './remember.js'
import { thumbprint } from './thumbprint.js'

/** What every scheme takes that signs with a key of its own. */
export interface ProofKeyOptions {
  /** What proofs are signed with; RSA keys have 2048 bits. */
  readonly algorithm?: ProofAlgorithm | undefined
  /** A key pair of your own, in place of one that is made here; it is not changed. */
  readonly keyPair?: CryptoKeyPair | undefined
  /** Where the key is kept, such as `indexedDbKeys({ name })`. Default: in memory, as long as the scheme lives. */
  readonly keys?: KeyStore | undefined
  /** How long a key is used, in milliseconds; `Infinity` for as long as there is one. */
  readonly rotateAfter?: number | undefined
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** A key that is in use. */
export interface ProofKey extends StoredKey {
  /** The thumbprint of its public half (RFC 7638). */
  readonly keyId: string
  readonly jwk: JsonWebKey
}

/** The keys of one scheme. */
export interface ProofKeys {
  /** Gives the key to bind tokens to; makes it at first need, and another one when it is old. */
  readonly current: () => Promise<ProofKey>
  /** Gives a key by its name: the current one, or one that it took the place of; the current one for a name that nobody knows. */
  readonly named: (keyId: string | undefined) => Promise<ProofKey>
}

/** Keys that were in use: a request that is under way when the key changes still needs the old one. */
const KEPT = 3

/**
 * Makes, keeps and changes the keys of a scheme.
 *
 * @param options Which keys, where they are kept, and for how long.
 * @param defaults The scheme's own algorithm and lifetime.
 * @returns The keys.
 * @throws {TypeError} when an option is wrong.
 */
export function proofKeys(
  options: ProofKeyOptions,
  defaults: { readonly algorithm: ProofAlgorithm; readonly rotateAfter: number },
): ProofKeys {
  const { algorithm = defaults.algorithm, keyPair, now = Date.now } = options
  expect(/^([RP]S|ES)256$/.test(algorithm), 'algorithm', 'RS256, PS256 or ES256')
  expect(typeof now === 'function', 'now', 'a function')
  const { usages, algorithm: own } = Object(keyPair?.privateKey) as CryptoKey
  const { modulusLength = 2048 } = Object(own) as Partial<RsaKeyAlgorithm>
  expect(
    !keyPair || (usages?.includes('sign') && modulusLength >= 2048 && !options.keys),
    'keyPair',
    'a pair that signs',
  )
  const { keys = memoryKeys(keyPair && { keyPair, createdAt: now() }) } = options
  const { rotateAfter = defaults.rotateAfter } = keyPair ? { rotateAfter: Infinity } : options
  expect(rotateAfter > 0, 'rotateAfter', 'milliseconds')
  expect(typeof keys?.update === 'function', 'keys', 'a key store')

  const known = new Map<string, ProofKey>()
  let held: Promise<ProofKey> | undefined
  const isFresh = ({ createdAt }: StoredKey): boolean => Math.abs(now() - createdAt) < rotateAfter
  const use = async (key: StoredKey): Promise<ProofKey> => {
    const jwk = await publicJwk(key.keyPair.publicKey)
    const keyId = await thumbprint(jwk)
    const used = known.get(keyId) ?? { ...key, keyId, jwk }
    remember(known, keyId, used, KEPT)
    return used
  }
  const load = async (): Promise<ProofKey> => {
    const stored = await keys.get()
    if (stored && isFresh(stored)) return use(stored)
    const made = { keyPair: await generateKeyPair(algorithm), createdAt: now() }
    return use(await keys.update((current) => (current && isFresh(current) ? current : made)))
  }
  async function current(): Promise<ProofKey> {
    const before = held
    const key = await before?.catch(() => undefined)
    if (key && isFresh(key)) return key
    // Of calls at the same time the first one that comes here changes the key.
    if (held === before) held = load()
    return held!
  }
  return { current, named: async (keyId = '') => known.get(keyId) ?? (await current()) }
}
