import { describe, expect, test, vi } from 'vitest'
import {
  acquireTokenInteractive,
  clientSecret,
  createConfidentialClient,
  getAccounts,
  type AcquireTokenInteractiveOptions,
  type AuthCodeFlow,
  type AuthError,
  type Interaction,
  type PublicClient,
  type PublicClientOptions,
} from '@latchkey/core'
import { authority, clientId, rejection, settle } from './fixtures/tokenService.js'
import { until } from './fixtures/until.js'
import { ada, createUserClient, idToken, refusal, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const never = new Promise<never>(() => {})
type Navigate = (
  query: URLSearchParams,
  signal: AbortSignal,
  flow: AuthCodeFlow,
) => Record<string, string> | Promise<Record<string, string>>

/** A person at a page that does what the test says; everything that the interaction is told is noted. */
function begin(
  navigate: Navigate = (query) => ({ state: query.get('state')!, code: 'the-code' }),
  more: Partial<Interaction> = {},
  answer: () => Response | Promise<Response> | undefined = () => undefined,
  options: Partial<PublicClientOptions> = {},
) {
  let nonce: string | undefined
  const signals: AbortSignal[] = []
  const finished: unknown[][] = []
  const made = createUserClient(({ method, form }) => {
    if (method !== 'POST') return undefined
    const [, named] = form['code']?.split('nonce:') ?? []
    return (
      answer() ??
      userToken(ada, { id_token: idToken({ nonce: named ?? nonce, oid: ada.uid, preferred_username: ada.username }) })
    )
  }, options)
  const urls: URL[] = []
  const interaction: Interaction = {
    redirectUri: 'http://localhost:4711',
    async navigate(url, signal, flow) {
      signals.push(signal)
      urls.push(new URL(url))
      const query = new URL(url).searchParams
      nonce = query.get('nonce') ?? undefined
      return navigate(query, signal, flow)
    },
    finish(signal, ...rest) {
      signals.push(signal)
      finished.push(rest)
    },
    ...more,
  }
  const acquire = (given: Partial<AcquireTokenInteractiveOptions> = {}) =>
    acquireTokenInteractive(made.client, { scopes, interaction, ...given })
  return { ...made, interaction, acquire, finished, signals, urls }
}
const errorOf = async (call: Promise<unknown>): Promise<AuthError> => (await rejection(call)) as AuthError

describe('a sign-in', () => {
  test('is one request to the page, one to the server, and one end', async () => {
    const { acquire, client, finished, service, signals, urls } = begin(undefined, { responseMode: 'form_post' })
    const result = await acquire({
      ...{ loginHint: 'ada@contoso.com', domainHint: 'contoso.com', prompt: 'select_account', correlationId: 'the-id' },
    })
    expect(result).toMatchObject({
      source: 'identity_provider',
      correlationId: 'the-id',
      account: { username: ada.username },
    })
    expect(await getAccounts(client)).toEqual([result.account])
    expect(Object.fromEntries(urls[0]!.searchParams)).toMatchObject({
      ...{
        client_id: clientId,
        response_type: 'code',
        redirect_uri: 'http://localhost:4711',
        response_mode: 'form_post',
      },
      ...{ login_hint: 'ada@contoso.com', domain_hint: 'contoso.com', prompt: 'select_account' },
      ...{ 'X-AnchorMailbox': 'UPN:ada@contoso.com', code_challenge_method: 'S256', client_info: '1' },
    })
    const [asked] = service.posts()
    expect(asked?.form).toMatchObject({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: 'http://localhost:4711',
    })
    expect(asked?.headers.get('x-client-current-telemetry')).toBe('4|169,0|')
    expect(finished).toEqual([[]])
    expect(new Set(signals).size).toBe(1)
    expect(signals[0]?.aborted).toBe(false)
  })

  test.each<[string, Interaction['redirectUri']]>([
    ['a text', 'http://localhost:1'],
    ['a promise', Promise.resolve('http://localhost:1')],
    ['a function', () => 'http://localhost:1'],
    ['a function that takes its time', async () => settle().then(() => 'http://localhost:1')],
  ])('sends the answer where the interaction says: %s', async (_name, redirectUri) => {
    const { acquire, urls, service } = begin(undefined, { redirectUri })
    await acquire()
    expect(urls[0]?.searchParams.get('redirect_uri')).toBe('http://localhost:1')
    expect(service.posts()[0]?.form['redirect_uri']).toBe('http://localhost:1')
  })

  test('has one signal for all, also for the function that gives the redirect URI', async () => {
    const given: AbortSignal[] = []
    const { acquire, signals } = begin(undefined, {
      redirectUri: (signal) => {
        given.push(signal)
        return 'http://localhost:1'
      },
    })
    await acquire()
    expect(new Set([...given, ...signals]).size).toBe(1)
  })

  test('gives the interaction what it has to remember', async () => {
    const flows: AuthCodeFlow[] = []
    const { acquire, urls } = begin((query, _signal, flow) => {
      flows.push(flow)
      return { state: query.get('state')!, code: 'c' }
    })
    await acquire()
    expect(flows[0]).toMatchObject({ authUri: urls[0]!.href, redirectUri: 'http://localhost:4711' })
    expect(JSON.parse(JSON.stringify(flows[0]))).toEqual(flows[0])
  })

  test('asks for consent to more than the token is for', async () => {
    const { acquire, urls, service } = begin()
    await acquire({ extraScopesToConsent: ['https://vault.azure.net/user_impersonation'] })
    expect(urls[0]?.searchParams.get('scope')).toBe(
      'User.Read https://vault.azure.net/user_impersonation offline_access openid profile',
    )
    expect(service.posts()[0]?.form['scope']).toBe('User.Read offline_access openid profile')
  })

  test('passes claims and capabilities to the page and to the server', async () => {
    const { acquire, urls, service } = begin(undefined, {}, undefined, { clientCapabilities: ['CP1'] })
    await acquire({ claims: '{"id_token":{"acr":null}}' })
    const expected = '{"id_token":{"acr":null},"access_token":{"xms_cc":{"values":["CP1"]}}}'
    expect([urls[0]?.searchParams.get('claims'), service.posts()[0]?.form['claims']]).toEqual([expected, expected])
  })

  test('of several at once are each their own', async () => {
    const { interaction, client } = begin()
    const seen = new Map<AbortSignal, string[]>()
    const note = (signal: AbortSignal, what: string): void => void seen.set(signal, [...(seen.get(signal) ?? []), what])
    let count = 0
    const busy: Interaction = {
      ...interaction,
      redirectUri: (signal) => {
        const uri = `http://localhost:${++count}`
        note(signal, uri)
        return uri
      },
      async navigate(url, signal) {
        const query = new URL(url).searchParams
        note(signal, query.get('redirect_uri')!)
        await settle()
        return { state: query.get('state')!, code: `nonce:${query.get('nonce')}` }
      },
      finish: (signal, error) => note(signal, String(error)),
    }
    await Promise.all(Array.from({ length: 10 }, () => acquireTokenInteractive(client, { scopes, interaction: busy })))
    const uris = Array.from({ length: 10 }, (_, index) => `http://localhost:${index + 1}`)
    expect([...seen.values()]).toEqual(uris.map((uri) => [uri, uri, 'undefined']))
  })
})

describe('finish is called exactly once, with the reason', () => {
  const state = (query: URLSearchParams): string => query.get('state')!
  test.each<[string, Navigate, (() => Response | Promise<Response>) | undefined, string]>([
    ['the person declines', (query) => ({ state: state(query), error: 'access_denied' }), undefined, 'access_denied'],
    ['the answer is of another sign-in', () => ({ state: 'other', code: 'c' }), undefined, 'state_mismatch'],
    ['there is no code in it', (query) => ({ state: state(query) }), undefined, 'invalid_response'],
    [
      'the server refuses the code',
      (query) => ({ state: state(query), code: 'c' }),
      () => refusal('invalid_grant'),
      'invalid_grant',
    ],
    [
      'the server fails',
      (query) => ({ state: state(query), code: 'c' }),
      () => new Response('', { status: 503 }),
      'server_error',
    ],
    [
      'the ID token is another’s',
      (query) => ({ state: state(query), code: 'c' }),
      () => userToken(ada, { id_token: idToken({ nonce: 'x' }) }),
      'nonce_mismatch',
    ],
  ])('when %s', async (_name, navigate, answer, code) => {
    const { acquire, finished, cache } = begin(navigate, {}, answer)
    const error = await errorOf(acquire())
    expect(error.code).toBe(code)
    expect(finished).toEqual([[error]])
    expect(cache.serialize()).toBe('{}')
  })

  test('when the page fails in a way of its own', async () => {
    const own = new Error('no window')
    const { acquire, finished } = begin(() => Promise.reject(own))
    expect(await rejection(acquire())).toBe(own)
    expect(finished).toEqual([[own]])
  })

  test('when the page throws at once', async () => {
    const own = new Error('no window')
    const { acquire, finished } = begin(undefined, {
      navigate: () => {
        throw own
      },
    })
    expect(await rejection(acquire())).toBe(own)
    expect(finished).toEqual([[own]])
  })

  test.each([
    ['cannot be made', () => Promise.reject(new Error('port taken'))],
    ['is a mistake', () => ''],
  ])('when the redirect URI %s', async (_name, redirectUri) => {
    const { acquire, finished, urls } = begin(undefined, { redirectUri })
    const error = await rejection(acquire())
    expect(finished).toEqual([[error]])
    expect(urls).toEqual([])
  })

  test.each<[string, object]>([
    ['a reserved scope', { scopes: ['openid'] }],
    ['a blank login hint', { loginHint: ' ' }],
  ])('when an option is wrong: %s', async (_name, given) => {
    const { acquire, finished, urls } = begin()
    const error = await rejection(acquire(given))
    expect(error).toBeInstanceOf(TypeError)
    expect(finished).toEqual([[error]])
    expect(urls).toEqual([])
  })

  test('when the authority cannot be reached', async () => {
    const { acquire, finished, interaction } = begin()
    expect(interaction.redirectUri).toBeDefined()
    const broken = createUserClient(() => Promise.reject(new TypeError('fetch failed')), {
      authority: 'https://login.microsoftonline.com/contoso.com',
    })
    const error = await errorOf(acquireTokenInteractive(broken.client, { scopes, interaction }))
    expect(error.code).toBe('network_error')
    expect(finished).toEqual([[error]])
    await acquire()
    expect(finished).toHaveLength(2)
  })

  test('whose own failure is told where there is a token, and is not where there is none', async () => {
    const failing = { finish: vi.fn(() => Promise.reject(new Error('finish'))) }
    expect(await rejection(begin(() => ({ state: 'other' }), failing).acquire())).toMatchObject({
      code: 'state_mismatch',
    })
    expect(failing.finish).toHaveBeenCalledTimes(1)
    const { acquire, client } = begin(undefined, failing)
    expect(await rejection(acquire())).toEqual(new Error('finish'))
    expect(failing.finish).toHaveBeenCalledTimes(2)
    expect(await getAccounts(client)).toHaveLength(1)
  })

  test('and waited for', async () => {
    let isOver = false
    const { acquire } = begin(undefined, { finish: () => settle().then(() => void (isOver = true)) })
    await acquire()
    expect(isOver).toBe(true)
  })

  test('and may be missing', async () => {
    expect(await begin(undefined, { finish: undefined! }).acquire()).toHaveProperty('accessToken')
    expect((await errorOf(begin(() => ({ state: 'other' }), { finish: undefined! }).acquire())).code).toBe(
      'state_mismatch',
    )
  })
})

describe('giving up', () => {
  test('before it begins shows nothing', async () => {
    const { acquire, finished, urls, service } = begin()
    expect((await errorOf(acquire({ signal: AbortSignal.abort() }))).code).toBe('user_cancelled')
    expect([finished, urls, service.requests]).toEqual([[], [], []])
  })

  test.each<[string, Parameters<typeof begin>, (begun: ReturnType<typeof begin>) => boolean]>([
    ['while the redirect URI is made', [undefined, { redirectUri: () => never }], () => true],
    [
      'while the endpoints are asked for',
      [undefined, {}, undefined, { authority: 'https://login.microsoftonline.com/contoso.com', fetch: () => never }],
      () => true,
    ],
    ['while the page is shown', [() => never], ({ urls }) => urls.length === 1],
    ['while the code is redeemed', [undefined, {}, () => never], ({ service }) => service.posts().length === 1],
  ])('%s ends at once', async (_name, parameters, isThere) => {
    const begun = begin(...parameters)
    const { acquire, finished, signals, cache } = begun
    const controller = new AbortController()
    const reason = new Error('the window was closed')
    const call = errorOf(acquire({ signal: controller.signal }))
    await until(() => isThere(begun))
    controller.abort(reason)
    const error = await call
    expect(error).toMatchObject({ code: 'user_cancelled', cause: reason })
    expect(finished).toEqual([[error]])
    expect(signals.at(-1)).toMatchObject({ aborted: true, reason })
    expect(cache.serialize()).toBe('{}')
  })

  test('leaves no listener on the caller’s signal', async () => {
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    const { acquire } = begin()
    await acquire({ signal })
    await settle()
    expect(added.mock.calls.length).toBeGreaterThan(0)
    for (const [, listener] of added.mock.calls)
      expect(removed.mock.calls.map(([, other]) => other)).toContain(listener)
  })
})

test.each<[string, unknown, object]>([
  ['no client', undefined, {}],
  ['a confidential client', createConfidentialClient({ clientId, authority, credential: clientSecret('s') }), {}],
  ['no interaction', 0, { interaction: undefined }],
  ['an interaction that cannot navigate', 0, { interaction: { redirectUri: 'http://localhost' } }],
])('%s is a mistake of the program', async (_name, given, more) => {
  const { client, interaction, service } = begin()
  const options = { scopes, interaction, ...more } as AcquireTokenInteractiveOptions
  expect(
    await rejection(acquireTokenInteractive((given === 0 ? client : given) as PublicClient, options)),
  ).toBeInstanceOf(TypeError)
  expect(await rejection(acquireTokenInteractive(client, undefined as never))).toBeInstanceOf(TypeError)
  expect(service.requests).toEqual([])
})
