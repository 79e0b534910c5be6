import { cacheError } from '../cacheError.js'
import type { Machine } from '../machine.js'
import { bytesAt } from './keychain.js'
import { openLibrary, type Koffi, type NativeFunction } from './koffi.js'

/** Encrypts for this Windows user, without a key of our own. */
export interface Dpapi {
  protect(plain: Uint8Array): Promise<Buffer>
  /** `undefined` where the bytes were not encrypted for this user, or are damaged: the two cannot be told apart. */
  unprotect(bytes: Uint8Array): Promise<Buffer | undefined>
}

const NAME = 'DPAPI'
/** Never asks a person. */
const UI_FORBIDDEN = 1
const DESCRIPTION = 'latchkey'
const ERROR_INVALID_DATA = 13

/**
 * Opens Windows' data protection.
 *
 * @param machine This machine.
 * @returns Encryption for the current user, as the MSAL libraries use it: no entropy.
 */
export function dpapi(machine: Machine): Dpapi {
  let opened: Promise<Crypt32> | undefined
  const call = async (name: 'protect' | 'unprotect', bytes: Uint8Array): Promise<Buffer | number> => {
    const { koffi, calls, localFree, lastError } = await (opened ??= open(machine).catch((error: unknown) => {
      opened = undefined
      throw error
    }))
    const input = Buffer.from(bytes)
    const [source, target] = [Buffer.alloc(16), Buffer.alloc(16)]
    source.writeUInt32LE(input.length)
    source.writeBigUInt64LE(koffi.address(input), 8)
    const description = name === 'protect' ? DESCRIPTION : null
    if (!calls[name](source, description, null, null, null, UI_FORBIDDEN, target)) return lastError()
    const data = koffi.decode(target, 8, 'void *')
    try {
      return bytesAt(koffi, data, target.readUInt32LE())
    } finally {
      localFree(data)
    }
  }
  return {
    async protect(plain) {
      const result = await call('protect', plain)
      if (typeof result !== 'number') return result
      throw cacheError(
        'vault_unavailable',
        `Cannot use ${NAME}: it answered ${result}; sign in to Windows as this user`,
      )
    },
    async unprotect(bytes) {
      const result = await call('unprotect', bytes)
      if (typeof result !== 'number') return result
      if (result === ERROR_INVALID_DATA) return undefined
      throw cacheError(
        'vault_unavailable',
        `Cannot use ${NAME}: it answered ${result}; sign in to Windows as this user`,
      )
    },
  }
}

interface Crypt32 {
  readonly koffi: Koffi
  readonly calls: Readonly<Record<'protect' | 'unprotect', NativeFunction>>
  localFree(data: unknown): void
  lastError(): number
}

async function open(machine: Machine): Promise<Crypt32> {
  const koffi = await machine.koffi(NAME)
  const crypt = openLibrary(koffi, machine.library('crypt32.dll'), NAME, 'this works on Windows only')
  const kernel = openLibrary(koffi, machine.library('kernel32.dll'), NAME, 'this works on Windows only')
  const pointer = 'void *'
  const rest = [pointer, pointer, pointer, 'uint32', pointer]
  const lastError = kernel.func('__stdcall', 'GetLastError', 'uint32', [])
  const free = kernel.func('__stdcall', 'LocalFree', pointer, [pointer])
  return {
    koffi,
    calls: {
      protect: crypt.func('__stdcall', 'CryptProtectData', 'int32', [pointer, 'str16', ...rest]),
      unprotect: crypt.func('__stdcall', 'CryptUnprotectData', 'int32', [pointer, pointer, ...rest]),
    },
    localFree: (data) => void free(data),
    lastError: () => lastError() as number,
  }
}
