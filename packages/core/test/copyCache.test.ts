import { describe, expect, test } from 'vitest'
import {
  acquireTokenForClient,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  copyCache,
  createPublicClient,
  getAccounts,
  memoryCache,
  serializableCache,
  type CacheDocument,
  type CacheStore,
} from '@latchkey/core'
import { createMsalNode, msalNodeWith } from './fixtures/msalNodeUsers.js'
import { authority, clientId, createClient, createService, rejection, start } from './fixtures/tokenService.js'
import { mergeCaches, netCache, nodeCache, pythonCache } from './fixtures/userCaches.js'
import { ada, bob, createWebApp } from './fixtures/userService.js'

const users = [ada, bob]
const now = () => start * 1000
const listOf = async (store: CacheStore) => [...(await store.partitions!())]
/** All entities of all partitions, by key. */
async function contentOf(store: CacheStore): Promise<CacheDocument> {
  return mergeCaches(...(await Promise.all((await listOf(store)).map(async (name) => (await store.get(name)) ?? {}))))
}

describe('who moves', () => {
  test('from MSAL Node stays signed in, in a cache of one partition per user', async () => {
    const theirs = serializableCache((await msalNodeWith(...users)).getTokenCache().serialize())
    const cache = memoryCache()
    await copyCache(theirs, cache)
    const service = createService()
    const client = createPublicClient({ clientId, authority, cache, fetch: service.fetch })
    const accounts = await getAccounts(client)
    expect(accounts.map(({ username }) => username)).toEqual(users.map(({ username }) => username))
    for (const [index, account] of accounts.entries()) {
      const result = await acquireTokenSilent(client, { scopes: ['User.Read'], account })
      expect(result).toMatchObject({ source: 'cache', accessToken: `AT-${users[index]!.uid}` })
    }
    expect(service.requests).toEqual([])
  })

  test('to MSAL Node stays signed in', async () => {
    const cache = memoryCache()
    await copyCache(serializableCache((await msalNodeWith(...users)).getTokenCache().serialize()), cache)
    const json = serializableCache()
    await copyCache(cache, json)
    const { app, service } = createMsalNode(users)
    app.getTokenCache().deserialize(json.serialize())
    for (const account of await app.getTokenCache().getAllAccounts())
      expect(await app.acquireTokenSilent({ scopes: ['User.Read'], account })).toMatchObject({ fromCache: true })
    expect(service.posts()).toEqual([])
  })

  test('as an app, or for a caller of an API, needs no new token', async () => {
    const { client: api, cache: together, service } = createWebApp()
    await acquireTokenForClient(api, { scopes: ['User.Read'] })
    await acquireTokenOnBehalfOf(api, { userAssertion: 'incoming', scopes: ['User.Read'] })
    const apart = memoryCache()
    await copyCache(together, apart)
    const client = createClient(service, { cache: apart })
    const asked = service.requests.length
    expect(await acquireTokenForClient(client, { scopes: ['User.Read'] })).toMatchObject({ source: 'cache' })
    expect(await acquireTokenOnBehalfOf(client, { userAssertion: 'incoming', scopes: ['User.Read'] })).toMatchObject({
      source: 'cache',
    })
    expect(service.requests.length).toBe(asked)
  })
})

describe('what is copied', () => {
  const documents = users.flatMap((user) => [pythonCache(user), nodeCache(user), netCache(user)])
  const everything = { ...mergeCaches(...documents), Unknown: { key: { of: 'a newer MSAL' } } }
  const count = Object.values(everything).flatMap((section) => Object.keys(section ?? {})).length

  test('is everything, whoever wrote it, each user in a partition of its own, there and back', async () => {
    const from = serializableCache(JSON.stringify(everything))
    const apart = memoryCache({ now })
    expect(await copyCache(from, apart)).toBe(count)
    expect(await contentOf(apart)).toEqual(everything)
    for (const { uid, utid } of users) {
      const document = await apart.get(`${uid}.${utid}`)
      expect(Object.keys(document?.Account ?? {}).length).toBeGreaterThan(0)
      for (const section of Object.values(document!))
        for (const entity of Object.values(section!)) expect(entity['home_account_id']).toBe(`${uid}.${utid}`)
    }
    const back = serializableCache()
    expect(await copyCache(apart, back)).toBe(count)
    expect(JSON.parse(back.serialize())).toEqual(everything)
  })

  test('is not what the other has already: that stays', async () => {
    const mine = pythonCache(ada)
    const [key] = Object.keys(mine.AccessToken!)
    const to = serializableCache(
      JSON.stringify({ AccessToken: { [key!]: { ...mine.AccessToken![key!], secret: 'newer' } } }),
    )
    const all = Object.values(mine).flatMap((section) => Object.keys(section!)).length
    expect(await copyCache(serializableCache(JSON.stringify(mine)), to)).toBe(all - 1)
    expect((JSON.parse(to.serialize()) as CacheDocument).AccessToken![key!]!['secret']).toBe('newer')
    expect(await copyCache(serializableCache(JSON.stringify(mine)), to)).toBe(0)
  })

  test('is a copy: what is done to it is not done to the first', async () => {
    const from = serializableCache(JSON.stringify(pythonCache(ada)))
    const to = memoryCache({ now })
    await copyCache(from, to)
    for (const partition of await listOf(to))
      await to.update(partition, (document) => {
        for (const entity of Object.values(document?.AccessToken ?? {})) entity['secret'] = 'changed'
        return document
      })
    expect(JSON.parse(from.serialize())).toEqual(pythonCache(ada))
  })

  test('is nothing of an empty cache, and rubbish as it is', async () => {
    expect(await copyCache(memoryCache(), memoryCache())).toBe(0)
    const rubbish = { AccessToken: { one: null, two: 'text', three: [] }, Account: { __proto__: {} } }
    const to = serializableCache()
    await copyCache(serializableCache(JSON.stringify(rubbish)), to)
    expect(JSON.parse(to.serialize()).AccessToken).toEqual(rubbish.AccessToken)
  })
})

test('arguments are checked', async () => {
  const store = memoryCache()
  const unlisted: CacheStore = { get: () => undefined, update: () => {} }
  for (const [from, to, message] of [
    [undefined, store, 'Cannot use from: expected a CacheStore'],
    [store, {}, 'Cannot use to: expected a CacheStore'],
    [unlisted, store, 'Cannot use from: expected a CacheStore with partitions()'],
  ] as const) {
    const error = (await rejection(copyCache(from as CacheStore, to as CacheStore))) as Error
    expect([error.name, error.message]).toEqual(['TypeError', message])
  }
})
