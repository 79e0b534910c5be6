import { expect } from '@latchkey/core/internal'
import { base64url } from '../keys/base64url.js'

/** What {@link proofNonces} takes. */
export interface ProofNoncesOptions {
  /** At least 32 random bytes that the machines of an API share. Default: random ones, for one machine. */
  readonly secret?: Uint8Array<ArrayBuffer> | undefined
  /** How long a nonce is taken, in seconds. Default 300. */
  readonly lifetime?: number | undefined
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** Nonces that an API wants in proofs, so that none can be made ahead of time. */
export interface ProofNonces {
  /**
   * Makes a nonce.
   *
   * @returns The nonce, another one each time.
   */
  issue(): string | Promise<string>
  /**
   * Checks a nonce.
   *
   * @param nonce What the proof has.
   * @returns Whether it is one of these, and not over.
   */
  check(nonce: string): boolean | Promise<boolean>
}

/**
 * Makes nonces that carry their own time and seal, so that nothing has to be stored.
 *
 * @param options The secret, and how long a nonce is taken.
 * @returns The nonces.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-9 RFC 9449, section 9}
 */
export function proofNonces(options: ProofNoncesOptions = {}): ProofNonces {
  const { secret = crypto.getRandomValues(new Uint8Array(32)), lifetime = 300, now = Date.now } = options
  expect(secret instanceof Uint8Array && secret.length >= 32, 'secret', 'at least 32 bytes')
  expect(lifetime > 0, 'lifetime', 'seconds')
  expect(typeof now === 'function', 'now', 'a function')
  let key: Promise<CryptoKey> | undefined
  const seal = async (text: string): Promise<string> => {
    key ??= crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', await key, new TextEncoder().encode(text)))
    return base64url(String.fromCharCode(...bytes))
  }
  return {
    async issue() {
      const text = `${Math.floor(now() / 1000)}.${crypto.randomUUID()}`
      return `${text}.${await seal(text)}`
    },
    async check(nonce) {
      const [, text = '', at, sealed] = /^((\d{1,12})\.[\w-]{36})\.([\w-]{43})$/.exec(nonce) ?? []
      const age = now() / 1000 - Number(at)
      if (!(age > -lifetime && age <= lifetime)) return false
      // Digests are compared, whose bytes tell nothing to who measures the time.
      return (await seal(`=${sealed}`)) === (await seal(`=${await seal(text)}`))
    },
  }
}
