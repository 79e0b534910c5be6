import type { CacheDocument, CacheEntity, CacheStore } from '@latchkey/core'
import { expect, isObject, isText, parseObject } from '@latchkey/core/internal'

/** What {@link importMsalBrowser} reads. */
export interface ImportMsalBrowserOptions {
  /** The app whose tokens are taken over. */
  readonly clientId: string
  /** Where MSAL Browser kept them: its `cacheLocation`. Default `localStorage`. */
  readonly storage?: Pick<Storage, 'length' | 'key' | 'getItem'> | undefined
}

/**
 * Takes the users over whom MSAL Browser 2 or 3 signed in on this origin, so that they need not sign in again.
 *
 * What the store has already is newer and stays. MSAL's own entries stay where they are; delete them when nobody needs them, because they
 * are not encrypted. MSAL Browser 4 and newer encrypt theirs, with a key that nobody else can get at: of these nothing is read.
 *
 * @param store The store, of any kind.
 * @param options Which app's tokens, and where from.
 * @returns How many users were found.
 * @throws {TypeError} where an argument is wrong; what the store throws.
 */
export async function importMsalBrowser(store: CacheStore, options: ImportMsalBrowserOptions): Promise<number> {
  expect(typeof store?.update === 'function', 'store', 'a CacheStore')
  expect(isText(options?.clientId), 'clientId', 'a text')
  const { clientId, storage = readableStorage() } = options
  const users = new Map<string, CacheDocument>()
  for (let index = 0; index < (storage?.length ?? 0); index++) {
    const key = storage?.key(index) ?? ''
    const entry = parseObject(storage?.getItem(key) ?? '')
    const section = entry && sectionOf(entry, clientId)
    if (!section) continue
    const { homeAccountId } = entry as { homeAccountId: string }
    const document = users.get(homeAccountId) ?? {}
    users.set(homeAccountId, document)
    ;(document[section] ??= {})[key] = entityOf(entry)
  }
  // A user without an account entry could not be found again.
  const complete = [...users].filter(([, { Account }]) => Account)
  for (const [homeAccountId, found] of complete) {
    await store.update(homeAccountId, (current = {}) => {
      for (const [section, entities] of Object.entries(found)) current[section] = { ...entities, ...current[section] }
      return current
    })
  }
  return complete.length
}

const sections: Record<string, string> = {
  AccessToken: 'AccessToken',
  AccessToken_With_AuthScheme: 'AccessToken',
  IdToken: 'IdToken',
  RefreshToken: 'RefreshToken',
}

/** The section that an entry belongs to; none for whatever else is in the storage of a page. */
function sectionOf(entry: Record<string, unknown>, clientId: string): string | undefined {
  const { homeAccountId, environment, credentialType, secret, authorityType } = entry
  if (!isText(homeAccountId) || !isText(environment)) return undefined
  if (credentialType === undefined) return isText(authorityType) ? 'Account' : undefined
  const isOurs = isText(secret) && (entry['clientId'] === clientId || isText(entry['familyId']))
  return isOurs && Object.hasOwn(sections, String(credentialType)) ? sections[String(credentialType)] : undefined
}

/** In Node, MSAL writes these as they are. */
const unchanged = new Set(['requestedClaims', 'requestedClaimsHash', 'userAssertionHash', 'tenantProfiles'])

/** In a browser MSAL writes camel case, elsewhere the names that all MSALs share. */
function entityOf(entry: Record<string, unknown>): CacheEntity {
  const fields = Object.entries(entry).map(([name, value]): [string, unknown] => {
    if (name === 'tenantProfiles' && Array.isArray(value))
      return [name, value.map((profile) => (isObject(profile) ? JSON.stringify(profile) : profile))]
    return [unchanged.has(name) ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]
  })
  return Object.fromEntries(fields)
}

function readableStorage(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
