import { cacheError } from '../cacheError.js'
import type { Machine } from '../machine.js'
import { bytesAt } from './keychain.js'
import { openLibrary, type Koffi, type NativeFunction } from './koffi.js'
import type { VaultItem } from './VaultItem.js'

const NAME = 'the Windows Credential Manager'
const GENERIC = 1
/** Kept on this machine, not carried to others by a roaming profile. */
const LOCAL_MACHINE = 2
const ERROR_NOT_FOUND = 1168
/** The offsets in a CREDENTIALW, 80 bytes in a 64-bit process. */
const OFFSET = { type: 4, target: 8, blobSize: 32, blob: 40, persist: 48, user: 72, end: 80 }

/**
 * Keeps a short text (at most 2,560 bytes) as a generic credential of the Windows user.
 *
 * @param machine This machine.
 * @param target The credential's name.
 * @returns The item.
 */
export function windowsCredentialItem(machine: Machine, target: string): VaultItem {
  let opened: Promise<Advapi> | undefined
  const advapi = (): Promise<Advapi> =>
    (opened ??= open(machine).catch((error: unknown) => {
      opened = undefined
      throw error
    }))
  return {
    name: NAME,
    async read() {
      const { koffi, calls, lastError } = await advapi()
      const place = [null]
      // In line: the error number belongs to the thread.
      if (!calls.read(target, GENERIC, 0, place)) {
        const code = lastError()
        if (code === ERROR_NOT_FOUND) return undefined
        throw refused(code)
      }
      try {
        const size = koffi.decode(place[0], OFFSET.blobSize, 'uint32') as number
        return size === 0 ? '' : bytesAt(koffi, koffi.decode(place[0], OFFSET.blob, 'void *'), size).toString('utf8')
      } finally {
        calls.free(place[0])
      }
    },
    async write(text) {
      const { koffi, calls, lastError } = await advapi()
      const [name, user, blob] = [wide(target), wide('latchkey'), Buffer.from(text)]
      const credential = Buffer.alloc(OFFSET.end)
      credential.writeUInt32LE(GENERIC, OFFSET.type)
      credential.writeBigUInt64LE(koffi.address(name), OFFSET.target)
      credential.writeUInt32LE(blob.length, OFFSET.blobSize)
      credential.writeBigUInt64LE(koffi.address(blob), OFFSET.blob)
      credential.writeUInt32LE(LOCAL_MACHINE, OFFSET.persist)
      credential.writeBigUInt64LE(koffi.address(user), OFFSET.user)
      if (!calls.write(credential, 0)) throw refused(lastError())
    },
    async remove() {
      const { calls, lastError } = await advapi()
      if (calls.delete(target, GENERIC, 0)) return
      const code = lastError()
      if (code !== ERROR_NOT_FOUND) throw refused(code)
    },
  }
}

interface Advapi {
  readonly koffi: Koffi
  readonly calls: Readonly<Record<'read' | 'write' | 'delete' | 'free', NativeFunction>>
  lastError(): number
}

async function open(machine: Machine): Promise<Advapi> {
  const koffi = await machine.koffi(NAME)
  const remedy = 'this works on Windows only; give a key of your own: protection { key }'
  const advapi = openLibrary(koffi, machine.library('advapi32.dll'), NAME, remedy)
  const kernel = openLibrary(koffi, machine.library('kernel32.dll'), NAME, remedy)
  const lastError = kernel.func('__stdcall', 'GetLastError', 'uint32', [])
  const func = (name: string, result: string, parameters: readonly unknown[]): NativeFunction =>
    advapi.func('__stdcall', name, result, parameters)
  return {
    koffi,
    calls: {
      read: func('CredReadW', 'int32', ['str16', 'uint32', 'uint32', koffi.out(koffi.pointer('void *'))]),
      write: func('CredWriteW', 'int32', ['void *', 'uint32']),
      delete: func('CredDeleteW', 'int32', ['str16', 'uint32', 'uint32']),
      free: func('CredFree', 'void', ['void *']),
    },
    lastError: () => lastError() as number,
  }
}

const wide = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le')

function refused(code: number): Error {
  const advice = 'sign in to Windows as this user, or give a key of your own: protection { key }'
  return cacheError('vault_unavailable', `Cannot use ${NAME}: it answered ${code}; ${advice}`)
}
