import { importMsalBrowser } from '@latchkey/cache-idb'
import { memoryCache, type CacheStore } from '@latchkey/core'
import { expect, test } from 'vitest'

const user = { homeAccountId: 'oid.tid', environment: 'login.windows.net' }
const owned = { ...user, clientId: 'app', realm: 'tid' }
const account = {
  ...user,
  realm: 'tid',
  localAccountId: 'oid',
  username: 'ada@contoso.example',
  authorityType: 'MSSTS',
}
const accessToken = {
  ...owned,
  credentialType: 'AccessToken',
  secret: 'at',
  target: 'User.Read',
  expiresOn: '1800000000',
}

/** A page's storage with these entries. */
function storage(entries: Record<string, unknown>): Pick<Storage, 'length' | 'key' | 'getItem'> {
  const names = Object.keys(entries)
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  return {
    length: names.length,
    key: (index) => names[index] ?? null,
    getItem: (name) => (name in entries ? text(entries[name]) : null),
  }
}

async function imported(entries: Record<string, unknown>, store: CacheStore = memoryCache()) {
  const count = await importMsalBrowser(store, { clientId: 'app', storage: storage(entries) })
  return { count, document: await store.get('oid.tid') }
}

test('names become those that all MSALs share', async () => {
  const { count, document } = await imported({
    account: { ...account, tenantProfiles: [{ tenantId: 'tid', isHomeTenant: true }, 'as it is'], clientInfo: 'ci' },
    at: {
      ...accessToken,
      requestedClaims: '{}',
      requestedClaimsHash: 'h',
      tokenType: 'Bearer',
      cachedAt: '1',
      refreshOn: '2',
    },
    pop: { ...accessToken, credentialType: 'AccessToken_With_AuthScheme', tokenType: 'pop', keyId: 'k' },
    idt: { ...owned, credentialType: 'IdToken', secret: 'idt' },
    rt: { ...user, clientId: 'app', credentialType: 'RefreshToken', secret: 'rt', expiresOn: '3' },
  })
  const home = { home_account_id: 'oid.tid', environment: 'login.windows.net' }
  const own = { ...home, client_id: 'app', realm: 'tid' }
  const at = { ...own, credential_type: 'AccessToken', secret: 'at', target: 'User.Read', expires_on: '1800000000' }
  expect(count).toBe(1)
  expect(document).toEqual({
    Account: {
      account: {
        ...{ ...home, realm: 'tid', local_account_id: 'oid', username: 'ada@contoso.example', authority_type: 'MSSTS' },
        ...{ client_info: 'ci', tenantProfiles: ['{"tenantId":"tid","isHomeTenant":true}', 'as it is'] },
      },
    },
    AccessToken: {
      at: {
        ...{ ...at, requestedClaims: '{}', requestedClaimsHash: 'h', token_type: 'Bearer' },
        ...{ cached_at: '1', refresh_on: '2' },
      },
      pop: { ...at, credential_type: 'AccessToken_With_AuthScheme', token_type: 'pop', key_id: 'k' },
    },
    IdToken: { idt: { ...own, credential_type: 'IdToken', secret: 'idt' } },
    RefreshToken: {
      rt: { ...home, client_id: 'app', credential_type: 'RefreshToken', secret: 'rt', expires_on: '3' },
    },
  })
})

test('what is not a token of this app, or not readable, is passed over', async () => {
  const { count, document } = await imported({
    account,
    at: accessToken,
    'of another app': { ...accessToken, clientId: 'other' },
    'of the family': { ...user, clientId: 'other', credentialType: 'RefreshToken', secret: 'rt', familyId: '1' },
    'without a secret': { ...accessToken, secret: '' },
    'without a user': { ...accessToken, homeAccountId: undefined },
    'of a kind that is none': { ...accessToken, credentialType: 'constructor' },
    'no account': { ...user, username: 'ada@contoso.example' },
    encrypted: { id: 'id', nonce: 'nonce', data: 'data', lastUpdatedAt: '1' },
    'msal.account.keys': ['account'],
    text: 'hello',
    half: '{"homeAccountId":"oid.tid"',
    nothing: 'null',
    __proto__: { polluted: true },
  })
  expect(count).toBe(1)
  expect(Object.keys(document?.Account ?? {})).toEqual(['account'])
  expect(Object.keys(document?.AccessToken ?? {})).toEqual(['at'])
  expect(Object.keys(document?.RefreshToken ?? {})).toEqual(['of the family'])
})

test('a user without an account is passed over, and nothing is written', async () => {
  expect(await imported({ at: accessToken })).toEqual({ count: 0, document: undefined })
})

test('what the store has is newer, and stays', async () => {
  const store = memoryCache()
  const entity = { secret: 'newer' }
  await store.update('oid.tid', () => ({ AccessToken: { at: entity, own: entity }, Unknown: { x: {} } }))
  const { document } = await imported({ account, at: accessToken, old: accessToken }, store)
  expect(document?.AccessToken).toMatchObject({ at: entity, own: entity, old: { secret: 'at' } })
  expect(document).toHaveProperty('Unknown.x')
})

test('a page without storage has no users; a wrong argument is a TypeError', async () => {
  expect(await importMsalBrowser(memoryCache(), { clientId: 'app' })).toBe(0)
  await expect(importMsalBrowser({} as never, { clientId: 'app' })).rejects.toThrow(TypeError)
  await expect(importMsalBrowser(memoryCache(), {} as never)).rejects.toThrow(TypeError)
  await expect(importMsalBrowser(memoryCache(), undefined as never)).rejects.toThrow(TypeError)
})
