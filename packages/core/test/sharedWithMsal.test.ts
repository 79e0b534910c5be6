import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node'
import { describe, expect, test } from 'vitest'
import { acquireTokenForClient, removeTokensForClient, serializableCache } from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'
import { acquireWithMsalPython, msalPython } from './fixtures/msalPython.js'
import { clientId, createClient, createService, scopes, secret, tenantId, token } from './fixtures/tokenService.js'

/** MSAL Node and a client of ours, each with an emulator of its own that knows the app. */
function createApps(host = 'login.microsoftonline.com') {
  const options = {
    tenants: [{ id: tenantId, domains: ['contoso.example'] }],
    apps: [{ clientId, tenantId, secrets: [{ value: secret }] }],
  }
  const theirs = createEmulator(options)
  const send = async (method: string, url: string, options?: { headers?: Record<string, string>; body?: string }) => {
    const { headers = {}, body } = options ?? {}
    const response = await theirs.fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.json() }
  }
  const networkClient: INetworkModule = {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  }
  const authority = `https://${host}/${tenantId}`
  /** A new app that starts with this cache. */
  const acquireWithMsalNode = async (json = '') => {
    const auth = { clientId, authority, clientSecret: secret }
    const app = new ConfidentialClientApplication({ auth, system: { networkClient } })
    app.getTokenCache().deserialize(json)
    const result = (await app.acquireTokenByClientCredential({ scopes }))!
    return { result, json: app.getTokenCache().serialize() }
  }
  const ours = createEmulator(options)
  const cache = serializableCache()
  const client = createClient(ours, { authority, cache, now: Date.now })
  const posts = ({ requests }: typeof ours) => requests.filter(({ method }) => method === 'POST').length
  return { cache, client, acquireWithMsalNode, posts: () => ({ theirs: posts(theirs), ours: posts(ours) }) }
}

type Sections = Record<string, Record<string, object>>
const read = (json: string): Sections => JSON.parse(json) as Sections

describe.each(['login.microsoftonline.com', 'login.windows.net', 'login.microsoftonline.us'])(
  'MSAL Node at %s',
  (host) => {
    test('its cache is used without a request', async () => {
      const { cache, client, acquireWithMsalNode, posts } = createApps(host)
      const { result, json } = await acquireWithMsalNode()
      cache.deserialize(json)
      const { accessToken } = result
      expect(await acquireTokenForClient(client, { scopes })).toMatchObject({
        accessToken,
        source: 'cache',
        tokenType: 'Bearer',
      })
      expect(posts()).toEqual({ theirs: 1, ours: 0 })
    })

    test('nothing of its cache is lost on the way through us', async () => {
      const { cache, client, acquireWithMsalNode, posts } = createApps(host)
      const { result, json } = await acquireWithMsalNode()
      cache.deserialize(json)
      await acquireTokenForClient(client, { scopes: ['https://vault.azure.net/.default'] })
      const written = cache.serialize()
      expect(read(written)).toMatchObject(read(json))
      const again = await acquireWithMsalNode(written)
      expect(again.result).toMatchObject({ accessToken: result.accessToken, fromCache: true })
      expect(posts()).toEqual({ theirs: 1, ours: 1 })
    })

    // An app's token has no user: MSAL Python and we write null for it, MSAL Node an empty text, and takes nothing else.
    test('it asks for an app token in spite of ours, and keeps both', async () => {
      const { cache, client, acquireWithMsalNode, posts } = createApps(host)
      const { accessToken } = await acquireTokenForClient(client, { scopes })
      const { result, json } = await acquireWithMsalNode(cache.serialize())
      expect(result).toMatchObject({ fromCache: false })
      expect(Object.keys(read(json)['AccessToken'] ?? {})).toHaveLength(2)
      expect((await acquireWithMsalNode(json)).result).toMatchObject({
        accessToken: result.accessToken,
        fromCache: true,
      })
      cache.deserialize(json)
      const { accessToken: found, source } = await acquireTokenForClient(client, { scopes })
      expect([accessToken, result.accessToken]).toContain(found)
      expect(source).toBe('cache')
      expect(posts()).toEqual({ theirs: 1, ours: 1 })
    })

    test('what we remove is gone for it', async () => {
      const { cache, client, acquireWithMsalNode, posts } = createApps(host)
      const { json } = await acquireWithMsalNode()
      cache.deserialize(json)
      await removeTokensForClient(client)
      expect((await acquireWithMsalNode(cache.serialize())).result).toMatchObject({ fromCache: false })
      expect(posts()).toEqual({ theirs: 2, ours: 0 })
    })
  },
)

// Skipped, and counted, where no python3 has MSAL (Debian: apt-get install python3-msal).
describe.skipIf(!msalPython)(
  `MSAL Python ${msalPython?.version ?? '(no python3 here has it: apt-get install python3-msal)'}`,
  () => {
    const create = (json?: string) => {
      const cache = serializableCache(json)
      const service = createService(() => token({ access_token: 'AT-ours' }))
      return { cache, service, client: createClient(service, { cache, now: Date.now }) }
    }

    test('its cache is used without a request', async () => {
      const written = acquireWithMsalPython('')
      expect(written).toMatchObject({ token: 'AT-python', posts: 1 })
      const { service, client } = create(written.cache)
      expect(await acquireTokenForClient(client, { scopes })).toMatchObject({
        accessToken: 'AT-python',
        source: 'cache',
      })
      expect(service.requests).toEqual([])
    })

    test('it uses ours without a request', async () => {
      const { cache, client } = create()
      await acquireTokenForClient(client, { scopes })
      expect(acquireWithMsalPython(cache.serialize())).toMatchObject({ token: 'AT-ours', posts: 0 })
    })

    test('we write what it writes', async () => {
      const { cache, client } = create()
      await acquireTokenForClient(client, { scopes })
      const ours = cache.serialize()
      const theirs = acquireWithMsalPython('').cache
      const timeless = (json: string): unknown =>
        JSON.parse(json.replaceAll(/"\d{10}"/g, '"time"').replaceAll('AT-python', 'AT-ours'))
      expect(timeless(ours)).toEqual(timeless(theirs))
    })

    test('it gives back what we wrote, and we what it wrote, without losing a field', async () => {
      const { cache, client } = create()
      await acquireTokenForClient(client, { scopes: ['https://vault.azure.net/.default'] })
      const ours = cache.serialize()
      const theirs = acquireWithMsalPython(ours).cache
      expect(JSON.parse(theirs)).toMatchObject(JSON.parse(ours) as object)
      const again = create(theirs)
      await acquireTokenForClient(again.client, { scopes: ['https://management.azure.com/.default'] })
      expect(JSON.parse(again.cache.serialize())).toMatchObject(JSON.parse(theirs) as object)
    })

    test('MSAL Node takes its app tokens no more than ours', async () => {
      const { acquireWithMsalNode } = createApps()
      expect((await acquireWithMsalNode(acquireWithMsalPython('').cache)).result).toMatchObject({ fromCache: false })
    })

    test('what we remove is gone for it', async () => {
      const { cache, client } = create(acquireWithMsalPython('').cache)
      await removeTokensForClient(client)
      expect(acquireWithMsalPython(cache.serialize())).toMatchObject({ posts: 1 })
    })
  },
)
