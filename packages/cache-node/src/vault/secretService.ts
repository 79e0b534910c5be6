import { cacheError } from '../cacheError.js'
import type { Machine } from '../machine.js'
import { callAsync, openLibrary, type Koffi, type NativeFunction } from './koffi.js'
import type { VaultItem } from './VaultItem.js'

/** Which item of the Secret Service. */
export interface SecretServiceItem {
  readonly schema: string
  readonly attributes: Readonly<Record<string, string>>
  readonly label: string
  /** The collection's name or path; the default one where absent. */
  readonly collection?: string | undefined
}

const NAME = 'the Secret Service'

/** Whether the schema's name has to be the item's, too: libsecret's SECRET_SCHEMA_NONE. */
const MATCH_NAME = 0

/**
 * Keeps a text in the keyring of the desktop: GNOME Keyring, KWallet, KeePassXC.
 *
 * @param machine This machine.
 * @param which Which item; other programs find it by schema and attributes.
 * @returns The item.
 */
export function secretServiceItem(machine: Machine, which: SecretServiceItem): VaultItem {
  let libsecret: Promise<Libsecret> | undefined
  const call = async (name: keyof Libsecret['calls'], ...middle: unknown[]): Promise<[unknown, Libsecret]> => {
    libsecret ??= open(machine)
    const library = await libsecret.catch((error: unknown) => {
      libsecret = undefined
      throw error
    })
    return [await library.run(name, which, middle), library]
  }
  return {
    name: NAME,
    async read() {
      const [pointer, { takeText }] = await call('lookup')
      return pointer === null ? undefined : takeText(pointer)
    },
    async write(text) {
      const [stored] = await call('store', which.collection ?? null, which.label, text)
      if (!stored) throw cacheError('vault_unavailable', `Cannot use ${NAME}: it did not keep the item`)
    },
    async remove() {
      await call('clear')
    },
  }
}

interface Libsecret {
  readonly calls: Readonly<Record<'lookup' | 'store' | 'clear', NativeFunction>>
  /** Calls one of them with schema, attributes, what is in the middle, no cancelling, and a place for an error. */
  run(name: keyof Libsecret['calls'], which: SecretServiceItem, middle: readonly unknown[]): Promise<unknown>
  /** Copies a text and frees it. */
  takeText(pointer: unknown): string
}

async function open(machine: Machine): Promise<Libsecret> {
  const koffi = await machine.koffi(NAME)
  const remedy =
    'install libsecret (Debian: apt-get install libsecret-1-0), or give a key of your own: protection { key }'
  const glib = openLibrary(koffi, machine.library('libglib-2.0.so.0'), NAME, remedy)
  const secret = openLibrary(koffi, machine.library('libsecret-1.so.0'), NAME, remedy)
  const pointer = 'void *'
  const text = 'str'
  const errorPlace = koffi.out(koffi.pointer(pointer))
  const newTable = glib.func('g_hash_table_new_full', pointer, [pointer, pointer, pointer, pointer])
  const insert = glib.func('g_hash_table_insert', 'int', [pointer, pointer, pointer])
  const unrefTable = glib.func('g_hash_table_unref', 'void', [pointer])
  const copy = glib.func('g_strdup', pointer, [text])
  const [hash, equal, free] = ['g_str_hash', 'g_str_equal', 'g_free'].map((name) => glib.symbol(name))
  const newSchema = secret.func('secret_schema_newv', pointer, [text, 'int', pointer])
  const unrefSchema = secret.func('secret_schema_unref', 'void', [pointer])
  const freePassword = secret.func('secret_password_free', 'void', [pointer])
  const checkError = errorReader(
    koffi,
    glib.func('g_quark_to_string', text, ['uint32']),
    glib.func('g_error_free', 'void', [pointer]),
  )
  const calls = {
    lookup: secret.func('secret_password_lookupv_sync', pointer, [pointer, pointer, pointer, errorPlace]),
    store: secret.func('secret_password_storev_sync', 'int', [pointer, pointer, text, text, text, pointer, errorPlace]),
    clear: secret.func('secret_password_clearv_sync', 'int', [pointer, pointer, pointer, errorPlace]),
  }
  /** Of texts, or of the attribute type "string", which is 0. */
  const table = (entries: Readonly<Record<string, string>>, types: boolean): unknown => {
    const made = newTable(hash, equal, free, types ? null : free)
    for (const [name, value] of Object.entries(entries)) insert(made, copy(name), types ? null : copy(value))
    return made
  }
  return {
    calls,
    async run(name, { schema, attributes }, middle) {
      const types = table(attributes, true)
      const values = table(attributes, false)
      const made = newSchema(schema, MATCH_NAME, types)
      const place = [null]
      try {
        const result = await callAsync(calls[name], made, values, ...middle, null, place)
        checkError(place[0])
        return result
      } finally {
        unrefSchema(made)
        unrefTable(values)
        unrefTable(types)
      }
    },
    takeText(given) {
      try {
        return koffi.decode(given, 0, 'char', -1) as string
      } finally {
        freePassword(given)
      }
    },
  }
}

/** Throws what a GError says: a domain, a code and a sentence. */
function errorReader(koffi: Koffi, nameOfDomain: NativeFunction, free: NativeFunction): (error: unknown) => void {
  return (error) => {
    if (error === null) return
    const domain = nameOfDomain(koffi.decode(error, 0, 'uint32')) as string
    const code = koffi.decode(error, 4, 'int32') as number
    const said = koffi.decode(error, 8, 'str') as string
    free(error)
    const advice = 'unlock or start the keyring of the desktop, or give a key of your own: protection { key }'
    const cause = new Error(`${domain} ${code}: ${said}`)
    throw cacheError('vault_unavailable', `Cannot use ${NAME}: it is not there, or locked; ${advice}`, cause)
  }
}
