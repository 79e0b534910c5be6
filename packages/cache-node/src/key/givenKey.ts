import { expect, isText } from '@latchkey/core/internal'
import { cacheError } from '../cacheError.js'
import type { Machine } from '../machine.js'
import type { CacheKey } from './CacheProtection.js'
import { keyFile } from './keyFile.js'
import type { KeyRing } from './KeyRing.js'
import { KEY_BYTES, parseKey, secretKey, type SecretKey } from './SecretKey.js'

/** Gets the key; told whether it may make one. */
type Source = (mayMake: boolean) => Promise<SecretKey>

/**
 * Makes a key ring of the user's own key.
 *
 * @param given Where it comes from.
 * @param machine This machine.
 * @returns The ring; it asks once, and again after a failure.
 * @throws {TypeError} where it is no source of a key.
 */
export function givenKey(given: CacheKey, machine: Machine): KeyRing {
  const source = sourceOf(given, machine)
  let known: SecretKey | undefined
  return {
    async find(id, path) {
      known ??= await source(false)
      if (known.id === id) return known
      const wrong = known
      // It may have been changed since.
      known = undefined
      const again = await source(false)
      if (again.id === id) return (known = again)
      const message = `Cannot read ${path}: it is encrypted with another key (${id}) than the given one (${wrong.id}); give that key, or remove the file and let users sign in again`
      throw cacheError('key_missing', message)
    },
    current: async () => (known ??= await source(true)),
  }
}

function sourceOf(given: CacheKey, machine: Machine): Source {
  if (given instanceof Uint8Array) {
    expect(given.length === KEY_BYTES, 'key', `${KEY_BYTES} bytes`)
    const key = secretKey(Uint8Array.from(given))
    return async () => key
  }
  if (typeof given === 'function') return async () => fromCallback(given)
  if (isText((given as { env?: unknown } | undefined)?.env)) {
    const { env } = given as { env: string }
    return async () => fromVariable(env, machine)
  }
  const file = (given as { file?: unknown } | undefined)?.file
  expect(isText(file), 'key', '32 bytes, a function that returns them, { env } or { file }')
  return (mayMake) => keyFile(file, mayMake, machine)
}

async function fromCallback(call: () => Uint8Array | Promise<Uint8Array>): Promise<SecretKey> {
  let bytes: unknown
  try {
    bytes = await call()
  } catch (error) {
    throw cacheError(
      'key_unreadable',
      'Cannot get the key of the cache: the function for it failed; see the cause',
      error,
    )
  }
  if (bytes === undefined || bytes === null)
    throw cacheError('key_missing', 'Cannot get the key of the cache: the function for it returned nothing')
  expect(bytes instanceof Uint8Array && bytes.length === KEY_BYTES, 'key', `a function that returns ${KEY_BYTES} bytes`)
  return secretKey(bytes)
}

async function fromVariable(name: string, { env }: Machine): Promise<SecretKey> {
  const text = env[name]
  if (!text) throw cacheError('key_missing', `Cannot get the key of the cache: the variable ${name} is not set`)
  const bytes = parseKey(text)
  if (bytes) return secretKey(bytes)
  const message = `Cannot get the key of the cache: the variable ${name} does not hold ${KEY_BYTES} bytes as base64 or hex`
  throw cacheError('key_unreadable', message)
}
