import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { expect, test } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenSilent,
  createPublicClient,
  getAccounts,
  initiateAuthCodeFlow,
  removeAccount,
  serializableCache,
  type AuthError,
  type CacheDocument,
} from '@latchkey/core'
import { rejection, tenantId } from './fixtures/tokenService.js'
import { mergeCaches, pythonCache, type CachedUser } from './fixtures/userCaches.js'
import { ada, createUserClient, refusal, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const [office, editor] = ['04b07795-8ddb-461a-bbee-02f9e1bf7b46', 'aebc6443-996d-45c2-90f0-388ff96faa56']
const signingKey = generateSigningKey()

/** Apps that share a cache, at one emulator; two of them are of family 1, the third is of none. */
function createApps() {
  const emulator = createEmulator({ signingKey })
  const { authority, publicClientId, username } = emulator.defaults
  const cache = serializableCache()
  const app = (clientId: string) => createPublicClient({ clientId, authority, cache, fetch: emulator.fetch })
  const signIn = async (client: ReturnType<typeof app>) => {
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri: 'http://localhost' })
    const { response } = await emulator.signIn(flow.authUri, { username })
    return acquireTokenByAuthCodeFlow(client, { flow, response })
  }
  const kept = () => JSON.parse(cache.serialize()) as CacheDocument
  return { emulator, office: app(office), editor: app(editor), stranger: app(publicClientId), signIn, kept }
}

test('who signed in to one app of a family is signed in to the others, and to no other app', async () => {
  const { office, editor, stranger, signIn, kept } = createApps()
  const { account, accessToken } = await signIn(office)
  const result = await acquireTokenSilent(editor, { scopes, account })
  expect(result).toMatchObject({ source: 'identity_provider', account })
  expect(result.accessToken).not.toBe(accessToken)
  expect(await acquireTokenSilent(editor, { scopes, account })).toMatchObject({
    source: 'cache',
    accessToken: result.accessToken,
  })
  expect(await rejection(acquireTokenSilent(stranger, { scopes, account }))).toMatchObject({ code: 'no_token' })
  // There is one refresh token, renewed in its place, and both apps are known to be in the family.
  expect(Object.values(kept().RefreshToken!)).toMatchObject([{ client_id: office.clientId, family_id: '1' }])
  expect(Object.values(kept().AppMetadata!)).toMatchObject([{ family_id: '1' }, { family_id: '1' }])
})

test('who leaves one app of a family leaves them all, and stays in others', async () => {
  const { office, editor, stranger, signIn } = createApps()
  const { account } = await signIn(office)
  await signIn(stranger)
  await acquireTokenSilent(editor, { scopes, account })
  await removeAccount(editor, { account: account! })
  for (const client of [office, editor])
    expect(await rejection(acquireTokenSilent(client, { scopes, account }))).toMatchObject({ code: 'no_token' })
  expect(await acquireTokenSilent(stranger, { scopes, account })).toMatchObject({ source: 'identity_provider' })
  // A refresh brings back no account: only who signs in is listed.
  expect(await getAccounts(stranger)).toEqual([])
})

const member: CachedUser = { ...ada, client: 'the-office', family: '1' }
function begin(document: CacheDocument, answer: (refreshToken: string) => Response) {
  const { client, cache, service } = createUserClient(({ form, method }) =>
    method === 'POST' ? answer(form['refresh_token']!) : undefined,
  )
  cache.deserialize(JSON.stringify(document))
  const account = {
    homeAccountId: `${ada.uid}.${ada.utid}`,
    environment: 'login.microsoftonline.com',
    username: '',
    realm: tenantId,
    authorityType: 'MSSTS',
  }
  const refresh = () => acquireTokenSilent(client, { scopes, account, forceRefresh: true })
  const redeemed = () => service.posts().map(({ form }) => form['refresh_token'])
  return { refresh, redeemed, kept: () => JSON.parse(cache.serialize()) as CacheDocument }
}
const own = (family?: string): CacheDocument =>
  pythonCache({ ...ada, username: 'own', ...(family !== undefined && { family }) })
const inFamily = (): CacheDocument => mergeCaches(pythonCache(member), { AppMetadata: own('1').AppMetadata! })

test('the family’s refusal is told where the app has no token of its own', async () => {
  const { refresh } = begin(inFamily(), () => refusal('invalid_grant', { suberror: 'message_only' }))
  expect(await rejection(refresh())).toMatchObject({ code: 'invalid_grant', classification: 'message_only' })
})

test('the own refusal is told where both are refused', async () => {
  const document = mergeCaches(inFamily(), { RefreshToken: own().RefreshToken! })
  const { refresh, redeemed } = begin(document, (token) =>
    refusal('invalid_grant', { suberror: token === 'RT-own' ? 'basic_action' : 'message_only' }),
  )
  expect(((await rejection(refresh())) as AuthError).suberror).toBe('basic_action')
  expect(redeemed()).toEqual([`RT-${ada.username}`, 'RT-own'])
})

test('an app that the server no longer takes for a member leaves the family’s tokens alone from then on', async () => {
  const { refresh, redeemed, kept } = begin(mergeCaches(inFamily(), { RefreshToken: own().RefreshToken! }), () =>
    userToken(),
  )
  await refresh()
  expect(Object.values(kept().AppMetadata!).filter(({ client_id: id }) => id !== 'the-office')).toEqual([
    expect.not.objectContaining({ family_id: expect.anything() }),
  ])
  await refresh()
  expect(redeemed()).toEqual([`RT-${ada.username}`, 'RT-own'])
})

test('an app that the server takes for one uses them from then on', async () => {
  const { refresh, redeemed } = begin(mergeCaches(pythonCache(member), own()), () =>
    userToken(ada, { foci: '1', refresh_token: undefined }),
  )
  await refresh()
  await refresh()
  expect(redeemed()).toEqual(['RT-own', `RT-${ada.username}`])
})

test('another family is not the app’s', async () => {
  const document = mergeCaches(pythonCache({ ...member, family: '2' }), { AppMetadata: own('1').AppMetadata! })
  const { refresh, redeemed } = begin(document, () => userToken())
  expect(await rejection(refresh())).toMatchObject({ code: 'no_token' })
  expect(redeemed()).toEqual([])
})
