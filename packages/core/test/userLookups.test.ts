import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  acquireTokenSilent,
  createPublicClient,
  serializableCache,
  type CacheDocument,
  type CacheEntity,
} from '@latchkey/core'
import { start } from './fixtures/tokenService.js'
import { userToken } from './fixtures/userService.js'

const clouds = [
  ['login.microsoftonline.com', 'login.windows.net', 'sts.windows.net'],
  ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
  ['id.example'],
]
const tenants = ['aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', 'bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee', 'common']
const home = 'cccccccc-bbbb-cccc-dddd-eeeeeeeeeeee'

/** Whose a token is, what it is for, and how it is bound, as its entity says; a refresh token has some of it. */
interface Subject {
  kind: 'AccessToken' | 'RefreshToken'
  user: string
  host: string
  client: string
  tenant: string
  scopes: string[]
  type: string | undefined
  key: string | undefined
  hash: string | undefined
  isCapable: boolean
  secondsLeft: number
}
const scope = fc.constantFrom('r/Read', 'r/Write', 'R/READ', 's/Read')
const subject: fc.Arbitrary<Subject> = fc.record({
  kind: fc.constantFrom('AccessToken', 'AccessToken', 'RefreshToken'),
  user: fc.constantFrom(`ada.${home}`, `bob.${home}`, `ada-1.${home}`),
  host: fc.constantFrom(...clouds.flat()),
  client: fc.constantFrom('client', 'client-1'),
  tenant: fc.constantFrom(...tenants, home),
  scopes: fc.uniqueArray(scope, { minLength: 1 }),
  type: fc.constantFrom('Bearer', 'Bearer', undefined, 'bearer', 'pop'),
  key: fc.constantFrom(undefined, undefined, undefined, 'key'),
  hash: fc.constantFrom(undefined, undefined, undefined, 'hash'),
  isCapable: fc.boolean(),
  secondsLeft: fc.constantFrom(3600, 3600, 300, 299, -5),
})
const lower = (text: string): string => text.toLowerCase()
const cloudOf = (host: string): number => clouds.findIndex((hosts) => hosts.includes(host))

/** Any JWT has a header and a signature of any length, so that its claims begin anywhere. */
const secretOf = ({ kind, isCapable }: Subject, index: number): string => {
  const claims = { ['a'.repeat((index % 3) + 1)]: index, ...(isCapable && { xms_cc: ['CP1'] }) }
  return kind === 'RefreshToken'
    ? `RT-${index}`
    : `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${index}`
}
function entityOf(subject: Subject, index: number): CacheEntity {
  const { kind, user, host, client, tenant, scopes, type, key, hash, secondsLeft } = subject
  return {
    ...{ credential_type: kind, secret: secretOf(subject, index), home_account_id: user, environment: host },
    ...{ client_id: client, target: scopes.join(' '), ...(hash && { userAssertionHash: hash }) },
    ...(kind === 'AccessToken' && {
      ...{ realm: tenant, token_type: type, ...(key && { key_id: key }) },
      ...{ cached_at: `${start}`, expires_on: `${start + secondsLeft}` },
    }),
  }
}

const isOfUser = (stored: Subject, wanted: Subject): boolean =>
  stored.user === wanted.user &&
  cloudOf(stored.host) === cloudOf(wanted.host) &&
  stored.client === wanted.client &&
  !stored.hash
/** Whether a token in the cache is the wanted user's bearer token for the wanted scopes, with enough time left. */
const fits = (stored: Subject, wanted: Subject): boolean =>
  stored.kind === 'AccessToken' &&
  isOfUser(stored, wanted) &&
  (stored.tenant === wanted.tenant || (wanted.tenant === 'common' && stored.tenant === home)) &&
  lower(stored.type ?? 'bearer') === 'bearer' &&
  !stored.key &&
  stored.secondsLeft >= 300 &&
  (wanted.isCapable || !stored.isCapable) &&
  wanted.scopes.every((scope) => stored.scopes.map(lower).includes(lower(scope)))

test('silently a user gets a token that fits where there is one, else redeems a refresh token that fits, else neither', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(subject, { maxLength: 25 }), subject, async (stored, wanted) => {
      const document: CacheDocument = { AccessToken: {}, RefreshToken: {} }
      for (const [index, one] of stored.entries()) document[one.kind]![`key-${index}`] = entityOf(one, index)
      const redeemed: string[] = []
      const fetch = async (url: string, init: RequestInit): Promise<Response> => {
        const base = `https://${wanted.host}/${wanted.tenant}`
        if (url.endsWith('openid-configuration'))
          return Response.json({ issuer: base, token_endpoint: `${base}/oauth2/v2.0/token` })
        redeemed.push(new URLSearchParams(String(init.body)).get('refresh_token')!)
        const [uid = '', utid = ''] = wanted.user.split('.')
        return userToken({ uid, utid, username: '' }, { id_token: undefined, access_token: 'new' })
      }
      const client = createPublicClient({
        ...{ clientId: wanted.client, authority: `https://${wanted.host}/${wanted.tenant}`, instanceDiscovery: false },
        ...{ cache: serializableCache(JSON.stringify(document)), now: () => start * 1000, maxRetries: 0, env: {} },
        ...{ clientCapabilities: wanted.isCapable ? ['CP1'] : [], fetch: fetch as typeof globalThis.fetch },
      })
      const account = {
        homeAccountId: wanted.user,
        environment: wanted.host,
        username: '',
        realm: '',
        authorityType: 'MSSTS',
      }
      const outcome = await acquireTokenSilent(client, { scopes: wanted.scopes, account }).then(
        ({ accessToken }) => accessToken,
        ({ code }: { code: string }) => code,
      )
      const fitting = stored.flatMap((one, index) => (fits(one, wanted) ? [secretOf(one, index)] : []))
      const refreshTokens = stored.flatMap((one, index) =>
        one.kind === 'RefreshToken' && isOfUser(one, wanted) ? [secretOf(one, index)] : [],
      )
      if (fitting.length > 0) {
        expect(fitting).toContain(outcome)
        expect(redeemed).toEqual([])
      } else if (refreshTokens.length > 0) {
        expect(outcome).toBe('new')
        expect(redeemed).toHaveLength(1)
        expect(refreshTokens).toContain(redeemed[0])
      } else {
        expect([outcome, redeemed]).toEqual(['no_token', []])
      }
    }),
    { numRuns: 500 },
  )
})
