import { encode } from './base64.js'

/** The keys that values are encrypted with. */
export interface KeyRing {
  /** What new values are encrypted with. */
  readonly newest: Promise<RingKey>
  /**
   * Finds a key.
   *
   * @param id Its id.
   * @returns The key; `undefined` where it is not in the ring.
   */
  find(id: string): Promise<CryptoKey | undefined>
}

/** A key, and the id that says in a value which one it was. */
export interface RingKey {
  readonly id: string
  readonly key: CryptoKey
}

/**
 * Makes a ring; the bytes are copied, and nothing is computed before a key is needed.
 *
 * @param keys 32 bytes each, newest first.
 * @returns The ring.
 */
export function keyRing(keys: readonly Uint8Array[]): KeyRing {
  const copies = keys.map((key) => Uint8Array.from(key))
  let ring: Promise<RingKey>[] | undefined
  const all = (): Promise<RingKey>[] => (ring ??= copies.map(importKey))
  return {
    get newest() {
      return all()[0]!
    },
    async find(id) {
      const keys = await Promise.all(all())
      return keys.find((key) => key.id === id)?.key
    },
  }
}

/** The id is a hash, which tells nothing of 32 random bytes. */
async function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<RingKey> {
  const label = new TextEncoder().encode('latchkey cache key')
  const hash = await crypto.subtle.digest('SHA-256', Uint8Array.from([...label, ...bytes]))
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  return { id: encode(new Uint8Array(hash, 0, 9)), key }
}
