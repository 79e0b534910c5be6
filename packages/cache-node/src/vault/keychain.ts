import { cacheError } from '../cacheError.js'
import type { Machine } from '../machine.js'
import { callAsync, openLibrary, type Koffi, type NativeFunction } from './koffi.js'
import type { VaultItem } from './VaultItem.js'

/** Which item of the Keychain. */
export interface KeychainItem {
  readonly service: string
  readonly account: string
}

const NAME = 'the Keychain'
const SUCCESS = 0
const NOT_FOUND = -25300

/** What Security.framework says most, and what to do then. */
const REASONS: Readonly<Record<number, string>> = {
  [-128]: 'the person refused; ask again, or give a key of your own: protection { key }',
  [-25293]: 'the password was wrong, or this program may not read the item; allow it in Keychain Access',
  [-25308]: 'it would have to ask, and nobody is there; unlock it first, or give a key of your own: protection { key }',
  [-25307]:
    'there is no default keychain; create one in Keychain Access, or give a key of your own: protection { key }',
}

/**
 * Keeps a text in the user's default keychain on macOS, as a generic password.
 *
 * @param machine This machine.
 * @param which Which item.
 * @returns The item.
 */
export function keychainItem(machine: Machine, which: KeychainItem): VaultItem {
  const service = Buffer.from(which.service)
  const account = Buffer.from(which.account)
  let opened: Promise<Security> | undefined
  const security = (): Promise<Security> =>
    (opened ??= open(machine).catch((error: unknown) => {
      opened = undefined
      throw error
    }))
  const find = async ({ calls }: Security, ...places: unknown[]): Promise<boolean> => {
    const names = [service.length, service, account.length, account]
    const status = await callAsync(calls.find, null, ...names, ...places)
    if (status !== NOT_FOUND) check(status)
    return status === SUCCESS
  }
  return {
    name: NAME,
    async read() {
      const library = await security()
      const [length, data] = [[0], [null]]
      if (!(await find(library, length, data, null))) return undefined
      try {
        return library.text(data[0], length[0]!)
      } finally {
        library.calls.freeContent(null, data[0])
      }
    },
    async write(text) {
      const library = await security()
      const { calls } = library
      const bytes = Buffer.from(text)
      const item = [null]
      if (!(await find(library, null, null, item))) {
        const names = [service.length, service, account.length, account]
        return check(await callAsync(calls.add, null, ...names, bytes.length, bytes, null))
      }
      try {
        check(await callAsync(calls.modify, item[0], null, bytes.length, bytes))
      } finally {
        calls.release(item[0])
      }
    },
    async remove() {
      const library = await security()
      const item = [null]
      if (!(await find(library, null, null, item))) return
      try {
        check(await callAsync(library.calls.delete, item[0]))
      } finally {
        library.calls.release(item[0])
      }
    },
  }
}

interface Security {
  readonly calls: Readonly<Record<'find' | 'add' | 'modify' | 'delete' | 'freeContent' | 'release', NativeFunction>>
  text(data: unknown, length: number): string
}

async function open(machine: Machine): Promise<Security> {
  const koffi: Koffi = await machine.koffi(NAME)
  const framework = (name: string): string => machine.library(`/System/Library/Frameworks/${name}.framework/${name}`)
  const remedy = 'this works on macOS only; give a key of your own: protection { key }'
  const security = openLibrary(koffi, framework('Security'), NAME, remedy)
  const foundation = openLibrary(koffi, framework('CoreFoundation'), NAME, remedy)
  const [pointer, size, status] = ['void *', 'uint32', 'int32']
  const place = (type: string): unknown => koffi.out(koffi.pointer(type))
  const names = [size, pointer, size, pointer]
  return {
    calls: {
      find: security.func('SecKeychainFindGenericPassword', status, [
        pointer,
        ...names,
        place(size),
        place(pointer),
        place(pointer),
      ]),
      add: security.func('SecKeychainAddGenericPassword', status, [pointer, ...names, size, pointer, pointer]),
      modify: security.func('SecKeychainItemModifyAttributesAndData', status, [pointer, pointer, size, pointer]),
      delete: security.func('SecKeychainItemDelete', status, [pointer]),
      freeContent: security.func('SecKeychainItemFreeContent', status, [pointer, pointer]),
      release: foundation.func('CFRelease', 'void', [pointer]),
    },
    text: (data, length) => (length === 0 ? '' : bytesAt(koffi, data, length).toString('utf8')),
  }
}

/**
 * Copies what a pointer points to.
 *
 * @param koffi What reads it.
 * @param data The pointer.
 * @param length How many bytes.
 * @returns The bytes.
 */
export function bytesAt(koffi: Koffi, data: unknown, length: number): Buffer {
  return Buffer.from(koffi.decode(data, 0, 'uint8', length) as Uint8Array)
}

function check(status: unknown): void {
  if (status === SUCCESS) return
  const reason = REASONS[status as number] ?? 'unlock it, or give a key of your own: protection { key }'
  throw cacheError('vault_unavailable', `Cannot use ${NAME}: it answered ${status as number}; ${reason}`)
}
