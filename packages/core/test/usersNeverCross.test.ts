import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  getAccounts,
  initiateAuthCodeFlow,
  memoryCache,
  removeAccount,
  serializableCache,
  type CacheStore,
} from '@latchkey/core'
import { jwtClaims } from '../src/oauth/jwtClaims.js'
import { clientId, createService, rejection, tenantId, type Asked } from './fixtures/tokenService.js'
import { idToken, userToken } from './fixtures/userService.js'

const hosts = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoftonline.us', 'login.chinacloudapi.cn']
const cloudOf = (host: string): string => (host === 'login.windows.net' ? 'login.microsoftonline.com' : host)
const tenants = [tenantId, 'aaaaaaaa-bbbb-cccc-dddd-ffffffffffff']
const clients = ['client-1', 'client-2']

interface Subject {
  uid: string
  host: string
  tenant: string
  client: string
  scope: string
}
const subject: fc.Arbitrary<Subject> = fc.record({
  uid: fc.constantFrom('ada', 'bob', 'ada-1'),
  host: fc.constantFrom(...hosts),
  tenant: fc.constantFrom(...tenants),
  client: fc.constantFrom(...clients),
  scope: fc.constantFrom('User.Read', 'Mail.Read'),
})
const nameOf = ({ uid, host, tenant, client, scope }: Subject): string =>
  [uid, cloudOf(host), tenant, client, scope].join()

/** A client of the subject's app, whose service puts into each token whose it is. */
function clientOf(cache: CacheStore, subject: Subject) {
  const { uid, host, tenant, client } = subject
  const service = createService(({ method, form }) =>
    method === 'POST'
      ? userToken(
          { uid, utid: tenantId, username: uid },
          {
            access_token: nameOf({ ...subject, scope: form['scope']!.split(' ')[0]! }),
            refresh_token: nameOf({ ...subject, scope: '' }),
            scope: form['scope'],
            id_token: undefined,
          },
        )
      : undefined,
  )
  const authority = `https://${host}/${tenant}`
  return { service, client: createPublicClient({ clientId: client, authority, cache, fetch: service.fetch }) }
}

test.each<[string, () => CacheStore]>([
  ['memoryCache', () => memoryCache()],
  ['serializableCache', () => serializableCache()],
])(
  'in a %s a look-up never returns another’s token, and always finds one that is there',
  async (_name, createCache) => {
    await fc.assert(
      fc.asyncProperty(fc.array(subject, { maxLength: 12 }), subject, async (signedIn, wanted) => {
        const cache = createCache()
        for (const one of signedIn) {
          const { client } = clientOf(cache, one)
          const flow = await initiateAuthCodeFlow(client, { scopes: [one.scope], redirectUri: 'http://localhost' })
          await acquireTokenByAuthCodeFlow(client, { flow, response: { code: 'c', state: flow.state } })
        }
        const { client, service } = clientOf(cache, wanted)
        const { uid, host: environment, tenant: realm } = wanted
        const homeAccountId = `${uid}.${tenantId}`
        const account = { homeAccountId, environment, realm, username: '', authorityType: 'MSSTS' }
        const call = acquireTokenSilent(client, { scopes: [wanted.scope], account })
        const same = signedIn.filter(
          (one) => nameOf({ ...one, tenant: '', scope: '' }) === nameOf({ ...wanted, tenant: '', scope: '' }),
        )
        if (signedIn.some((one) => nameOf(one) === nameOf(wanted))) {
          expect(await call).toMatchObject({ source: 'cache', accessToken: nameOf(wanted) })
          expect(service.posts()).toEqual([])
        } else if (same.length > 0) {
          // A refresh token is good in every tenant of the cloud; it is the same user's and app's, though.
          expect((await call).accessToken).toBe(nameOf(wanted))
          const sent = service.posts()[0]?.form['refresh_token']
          expect(same.map((one) => nameOf({ ...one, scope: '' }))).toContain(sent)
        } else expect(await rejection(call)).toMatchObject({ code: 'no_token' })
        const homes = (await getAccounts(client)).map(({ homeAccountId }) => homeAccountId)
        const expected = signedIn.filter(({ host }) => cloudOf(host) === cloudOf(wanted.host))
        expect(new Set(homes)).toEqual(new Set(expected.map(({ uid }) => `${uid}.${tenantId}`)))
      }),
      { numRuns: 150 },
    )
  },
)

/** Each user's tokens name the user; answers come at random, as over a real network. */
function createBusyWebApp() {
  const subjectOf = ({ form }: Asked): string => {
    const { code, refresh_token: refreshToken, assertion } = form
    return String(code ?? refreshToken?.split('~')[1] ?? jwtClaims(assertion ?? '')['name'])
  }
  let count = 0
  const service = createService(async (asked) => {
    if (asked.method !== 'POST') return undefined
    for (let turns = Math.random() * 20; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
    const name = subjectOf(asked)
    return userToken(
      { uid: name, utid: tenantId, username: name },
      {
        access_token: `AT~${name}~${asked.form['scope']!.split(' ')[0]}~${count++}`,
        refresh_token: `RT~${name}~${count}`,
        scope: asked.form['scope'],
        id_token: idToken({ oid: name, preferred_username: name, iat: undefined, nbf: undefined, exp: 4_000_000_000 }),
      },
    )
  })
  const authority = `https://login.microsoftonline.com/${tenantId}`
  const client = createConfidentialClient({ clientId, authority, credential: clientSecret('s'), fetch: service.fetch })
  return { client, service }
}
const users = Array.from({ length: 100 }, (_, index) => `user-${index}`)
const shuffled = <T>(list: readonly T[]): T[] => list.toSorted(() => Math.random() - 0.5)

test('a hundred users of one web app at once never cross', async () => {
  const { client, service } = createBusyWebApp()
  const signIns = users.map(async (name) => {
    const flow = await initiateAuthCodeFlow(client, { scopes: ['User.Read'], redirectUri: 'https://app.example' })
    // Without the nonce, which the service would have to know.
    return acquireTokenByAuthCodeFlow(client, {
      flow: { ...flow, nonce: undefined! },
      response: { code: name, state: flow.state },
    })
  })
  const accounts = (await Promise.all(signIns)).map(({ account }) => account!)
  expect(accounts.map(({ username }) => username)).toEqual(users)
  const before = service.posts().length
  const wishes = users.flatMap((name, index) =>
    [{}, { forceRefresh: true }, { forceRefresh: true }, { scopes: ['Mail.Read'] }, { scopes: ['Mail.Read'] }].map(
      (more) => ({
        name,
        options: { scopes: ['User.Read'], account: accounts[index]!, ...more },
      }),
    ),
  )
  await Promise.all(
    shuffled(wishes).map(async ({ name, options }) => {
      const { accessToken, account } = await acquireTokenSilent(client, options)
      expect(accessToken).toMatch(new RegExp(`^AT~${name}~${options.scopes[0]}~`))
      expect(account?.username).toBe(name)
    }),
  )
  expect(service.posts().length - before).toBe(200)
  for (const { form } of service.posts().slice(before)) expect(form['refresh_token']).toMatch(/^RT~user-\d+~/)
  // One leaves while others ask.
  await Promise.all(
    users.map((name, index) =>
      index % 2
        ? removeAccount(client, { account: accounts[index]! })
        : acquireTokenSilent(client, { scopes: ['User.Read'], account: accounts[index]! }).then(({ accessToken }) =>
            expect(accessToken).toContain(`~${name}~`),
          ),
    ),
  )
  expect((await getAccounts(client)).map(({ username }) => username).toSorted()).toEqual(
    users.filter((_, index) => index % 2 === 0).toSorted(),
  )
})

test('a hundred callers of one API at once never cross', async () => {
  const { client, service } = createBusyWebApp()
  const assertions = users.map((name) => `e30.${Buffer.from(JSON.stringify({ name })).toString('base64url')}.${name}`)
  await Promise.all(
    shuffled([...users.keys(), ...users.keys(), ...users.keys()]).map(async (index) => {
      const result = await acquireTokenOnBehalfOf(client, { userAssertion: assertions[index]!, scopes: ['User.Read'] })
      expect(result.accessToken).toContain(`~user-${index}~`)
      expect(result.account?.username).toBe(`user-${index}`)
    }),
  )
  expect(service.posts()).toHaveLength(100)
  // They are callers of the API: nothing of theirs is given to who asks without their assertions.
  for (const account of await getAccounts(client)) {
    const call = acquireTokenSilent(client, { scopes: ['User.Read'], account })
    expect(await rejection(call)).toMatchObject({ code: 'no_token' })
  }
})
