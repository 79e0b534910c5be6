import type { Hash } from 'node-forge/lib/md5.js'
import sha1 from 'node-forge/lib/sha1.js'
import sha256 from 'node-forge/lib/sha256.js'
import sha512 from 'node-forge/lib/sha512.js'
import { fromBinary, toBinary, type Bytes } from './bytes.js'
import { Unreadable } from './Unreadable.js'

/** The hashes that WebCrypto has too. */
export type HashName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** By object identifier: of the hash itself, and of an HMAC with it. */
const NAMES: Readonly<Record<string, HashName>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
  '1.2.840.113549.2.7': 'SHA-1',
  '1.2.840.113549.2.9': 'SHA-256',
  '1.2.840.113549.2.10': 'SHA-384',
  '1.2.840.113549.2.11': 'SHA-512',
}

/**
 * Names a hash as WebCrypto does.
 *
 * @param identifier The object identifier of the hash, or of an HMAC with it.
 * @returns The name.
 * @throws {Unreadable} when WebCrypto has no such hash.
 */
export function hashName(identifier: string): HashName {
  const name = NAMES[identifier]
  if (!name) throw new Unreadable(`its hash ${identifier} is not supported`)
  return name
}

/**
 * Hashes again and again; in JavaScript, because a promise for each would take ten times as long.
 *
 * @param name The hash.
 * @param bytes What to begin with.
 * @param iterations How often.
 * @returns The last hash.
 */
export async function hashRepeatedly(name: HashName | 'MD5', bytes: Uint8Array, iterations: number): Promise<Bytes> {
  const hash = await findHash(name)
  let binary = toBinary(bytes)
  for (let done = 1; done <= iterations; done++) {
    const digest = hash.create()
    digest.update(binary)
    binary = digest.digest().getBytes()
    // Others get their turn.
    if (done % 10_000 === 0) await new Promise((resolve) => setTimeout(resolve))
  }
  return fromBinary(binary)
}

async function findHash(name: HashName | 'MD5'): Promise<Hash> {
  switch (name) {
    case 'MD5':
      return (await import('node-forge/lib/md5.js')).default
    case 'SHA-1':
      return sha1
    case 'SHA-256':
      return sha256
    case 'SHA-384':
      return sha512.sha384
    case 'SHA-512':
      return sha512
  }
}
