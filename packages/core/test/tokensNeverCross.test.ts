import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  acquireTokenForClient,
  memoryCache,
  serializableCache,
  type CacheEntity,
  type CacheStore,
} from '@latchkey/core'
import { createClient, start } from './fixtures/tokenService.js'

const clouds = [
  ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
  ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
  ['login.example.org'],
]
const tenants = ['aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', 'AAAAAAAA-bbbb-cccc-dddd-ffffffffffff', 'common']
const clients = ['client-1', 'client-2', 'client-1-common']
const users = [null, 'uid.utid', 'uid.utid2']
const types = ['Bearer', 'bearer', undefined, 'pop']

/** What a token is for and whose it is, as its entity says. */
interface Subject {
  user: string | null
  host: string
  client: string
  tenant: string
  scopes: string[]
  type: string | undefined
  keyId: string | undefined
  assertionHash: string | undefined
  secondsLeft: number
}

const scopeSet = fc.uniqueArray(fc.constantFrom('r/Read', 'r/Write', 'r/read', 'R/Write', 's/.default'), {
  minLength: 1,
})
const subject: fc.Arbitrary<Subject> = fc.record({
  user: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.constantFrom(...users)),
  host: fc.constantFrom(...clouds.flat()),
  client: fc.constantFrom(...clients),
  tenant: fc.constantFrom(...tenants),
  scopes: scopeSet,
  type: fc.constantFrom(...types),
  keyId: fc.constantFrom(undefined, undefined, undefined, 'key'),
  assertionHash: fc.constantFrom(undefined, undefined, undefined, 'hash'),
  secondsLeft: fc.constantFrom(3600, 3600, 300, 299, -1),
})

const entityOf = (subject: Subject, index: number): CacheEntity => ({
  credential_type: 'AccessToken',
  secret: `AT-${index}`,
  home_account_id: subject.user,
  environment: subject.host,
  client_id: subject.client,
  realm: subject.tenant,
  target: subject.scopes.join(' '),
  ...(subject.type && { token_type: subject.type }),
  ...(subject.keyId && { key_id: subject.keyId }),
  ...(subject.assertionHash && { user_assertion_hash: subject.assertionHash }),
  cached_at: `${start - 1}`,
  expires_on: `${start + subject.secondsLeft}`,
})

const lower = (text: string): string => text.toLowerCase()
const cloudOf = (host: string): number => clouds.findIndex((hosts) => hosts.includes(host))

/** Whether a stored token is the wanted app's own bearer token for the wanted scopes, with enough time left. */
function fits(stored: Subject, wanted: Subject): boolean {
  const scopes = stored.scopes.map(lower)
  return (
    stored.user === null &&
    cloudOf(stored.host) === cloudOf(wanted.host) &&
    stored.client === wanted.client &&
    lower(stored.tenant) === lower(wanted.tenant) &&
    lower(stored.type ?? 'bearer') === 'bearer' &&
    !stored.keyId &&
    !stored.assertionHash &&
    stored.secondsLeft >= 300 &&
    wanted.scopes.every((scope) => scopes.includes(lower(scope)))
  )
}

const acquire = (cache: CacheStore, { client, host, tenant, scopes }: Subject, answer: () => Response) => {
  const clientOptions = { clientId: client, authority: `https://${host}/${tenant}`, cache, instanceDiscovery: false }
  const fetch = async (url: string): Promise<Response> =>
    url.endsWith('openid-configuration')
      ? Response.json({ issuer: `https://${host}/`, token_endpoint: `https://${host}/${tenant}/oauth2/v2.0/token` })
      : answer()
  return acquireTokenForClient(createClient({ fetch: fetch as typeof globalThis.fetch }, clientOptions), { scopes })
}

test('a look-up never returns another’s token, and always finds one that fits', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(subject, { maxLength: 30 }), subject, async (stored, wanted) => {
      const entities = stored.map((subject, index) => [`key-${index}`, entityOf(subject, index)] as const)
      const cache = serializableCache(JSON.stringify({ AccessToken: Object.fromEntries(entities) }))
      const result = await acquire(cache, wanted, () => Response.json({ access_token: 'new' }))
      const fitting = stored.flatMap((subject, index) => (fits(subject, wanted) ? [`AT-${index}`] : []))
      if (fitting.length > 0) expect(fitting).toContain(result.accessToken)
      else expect(result.accessToken).toBe('new')
    }),
    { numRuns: 500 },
  )
})

test.each<[string, () => CacheStore]>([
  ['memoryCache', () => memoryCache()],
  ['serializableCache', () => serializableCache()],
])('clients that share a %s never get each other’s tokens', async (_, createCache) => {
  const callers = fc.array(subject, { minLength: 2, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(callers, async (callers) => {
      const cache = createCache()
      const identity = ({ client, host, tenant }: Subject): string => [client, cloudOf(host), lower(tenant)].join()
      const ask = (caller: Subject) =>
        acquire(cache, caller, () => Response.json({ access_token: identity(caller), expires_in: 3600 }))
      for (const round of [callers, callers.toReversed()]) {
        const results = await Promise.all(round.map(ask))
        expect(results.map(({ accessToken }) => accessToken)).toEqual(round.map(identity))
      }
      for (const caller of callers) expect(await ask(caller)).toMatchObject({ source: 'cache' })
    }),
    { numRuns: 200 },
  )
})
