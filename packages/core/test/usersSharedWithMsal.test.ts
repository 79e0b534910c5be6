import { describe, expect, test } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenSilent,
  createPublicClient,
  getAccounts,
  initiateAuthCodeFlow,
  removeAccount,
  serializableCache,
  type CacheDocument,
  type Account,
} from '@latchkey/core'
import { createMsalNode, msalNodeWith } from './fixtures/msalNodeUsers.js'
import { acquireSilentlyWithMsalPython, msalPython } from './fixtures/msalPython.js'
import { authority, clientId, createService } from './fixtures/tokenService.js'
import { ada, bob, idToken, userToken, type ScriptedUser } from './fixtures/userService.js'

const scopes = ['User.Read']
const users = [ada, bob]

/** A client of ours on the clock of the others; the code, and the refresh token, name the user. */
function create(json?: string) {
  const cache = serializableCache(json)
  const service = createService(({ method, form }) => {
    if (method !== 'POST') return undefined
    const user = users.find(({ uid }) => (form['code'] ?? form['refresh_token'])?.includes(uid))!
    const { uid: oid, username: preferred_username } = user
    const id_token = idToken({ oid, preferred_username, iat: undefined, nbf: undefined, exp: 4_000_000_000 })
    return userToken(user, { access_token: `AT-ours-${oid}`, expires_in: 3600, id_token })
  })
  const client = createPublicClient({ clientId, authority, cache, fetch: service.fetch })
  const signIn = async ({ uid }: ScriptedUser): Promise<Account> => {
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri: 'http://localhost' })
    const response = { code: uid, state: flow.state }
    // Without the nonce, which the service would have to know.
    return (await acquireTokenByAuthCodeFlow(client, { flow: { ...flow, nonce: undefined! }, response })).account!
  }
  return { cache, client, service, signIn }
}
const nameOf = ({ username }: { username: string }): string => username
const names = users.map(nameOf)
const sections = (json: string) => JSON.parse(json) as CacheDocument

describe('MSAL Node', () => {
  test('its users are signed in here, without a request', async () => {
    const app = await msalNodeWith(...users)
    const { client, service } = create(app.getTokenCache().serialize())
    const accounts = await getAccounts(client)
    expect(accounts.map(nameOf)).toEqual(names)
    for (const [index, account] of accounts.entries())
      expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({
        ...{ source: 'cache', accessToken: `AT-${users[index]!.uid}`, account: { username: names[index] } },
      })
    expect(service.requests).toEqual([])
  })

  test('ours are signed in there, without a token request', async () => {
    const { cache, signIn } = create()
    for (const user of users) await signIn(user)
    const { app, service } = createMsalNode(users)
    app.getTokenCache().deserialize(cache.serialize())
    const accounts = await app.getTokenCache().getAllAccounts()
    expect(accounts.map(nameOf).toSorted()).toEqual(names)
    for (const account of accounts) {
      const uid = account.homeAccountId.split('.')[0]
      expect(await app.acquireTokenSilent({ scopes, account })).toMatchObject({
        ...{ fromCache: true, accessToken: `AT-ours-${uid}` },
      })
    }
    expect(service.posts()).toEqual([])
  })

  test('ours are renewed there, and theirs here', async () => {
    const { cache, signIn } = create()
    for (const user of users) await signIn(user)
    const { app } = createMsalNode(users)
    app.getTokenCache().deserialize(cache.serialize())
    for (const account of await app.getTokenCache().getAllAccounts())
      expect((await app.acquireTokenSilent({ scopes, account, forceRefresh: true })).account?.username).toBe(
        account.username,
      )
    const back = create(app.getTokenCache().serialize())
    for (const account of await getAccounts(back.client)) {
      const uid = account.homeAccountId.split('.')[0]
      expect(await acquireTokenSilent(back.client, { scopes, account, forceRefresh: true })).toMatchObject({
        ...{ accessToken: `AT-ours-${uid}`, account: { username: account.username } },
      })
    }
  })

  test('nothing of its cache is lost on the way through us, and who leaves here is gone there', async () => {
    const json = (await msalNodeWith(...users)).getTokenCache().serialize()
    const { client, cache } = create(json)
    const [first] = await getAccounts(client)
    await acquireTokenSilent(client, { scopes: ['Mail.Read'], account: first })
    for (const [name, section] of Object.entries(sections(json)))
      for (const [key, entity] of Object.entries(section as Record<string, object>))
        expect(Object.keys(sections(cache.serialize())[name]![key]!), key).toEqual(
          expect.arrayContaining(Object.keys(entity)),
        )
    await removeAccount(client, { account: first! })
    const { app } = createMsalNode(users)
    app.getTokenCache().deserialize(cache.serialize())
    expect((await app.getTokenCache().getAllAccounts()).map(nameOf)).toEqual([bob.username])
  })
})

// Skipped, and counted, where no python3 has MSAL (Debian: apt-get install python3-msal).
describe.skipIf(!msalPython)(
  `MSAL Python ${msalPython?.version ?? '(no python3 here has it: apt-get install python3-msal)'}`,
  () => {
    test('ours are signed in there, without a request', async () => {
      const { cache, signIn } = create()
      for (const user of users) await signIn(user)
      for (const { uid, username } of users)
        expect(acquireSilentlyWithMsalPython(cache.serialize(), uid, scopes)).toMatchObject({
          ...{ usernames: [username], token: `AT-ours-${uid}`, posts: [] },
        })
    })

    test('it renews ours, and we what it renewed; no field is lost', async () => {
      const { cache, signIn } = create()
      for (const user of users) await signIn(user)
      const theirs = acquireSilentlyWithMsalPython(cache.serialize(), bob.uid, ['Mail.Read'])
      expect(theirs).toMatchObject({ token: 'AT-python', posts: [`RT-${bob.uid}`] })
      const { client, service, cache: next } = create(theirs.cache)
      const account = (await getAccounts(client)).find(({ username }) => username === bob.username)
      expect(await acquireTokenSilent(client, { scopes: ['Mail.Read'], account })).toMatchObject({
        ...{ source: 'cache', accessToken: 'AT-python' },
      })
      expect(service.requests).toEqual([])
      expect(sections(next.serialize())).toEqual(sections(theirs.cache))
    })

    test('who leaves here is gone there', async () => {
      const { cache, client, signIn } = create()
      const accounts = await Promise.all(users.map(signIn))
      await removeAccount(client, { account: accounts[0]! })
      const left = users.map(({ uid }) => acquireSilentlyWithMsalPython(cache.serialize(), uid, scopes).usernames)
      expect(left).toEqual([[], [bob.username]])
    })
  },
)
