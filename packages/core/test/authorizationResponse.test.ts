import { describe, expect, test } from 'vitest'
import { acquireTokenByAuthCodeFlow, initiateAuthCodeFlow, type PublicClientOptions } from '@latchkey/core'
import { rejection, tenantId } from './fixtures/tokenService.js'
import { createUserClient, idToken, refusal, userToken } from './fixtures/userService.js'

const redirectUri = 'https://app.example/callback'
const issuer = 'https://id.example'
const provider = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
}
type Parameters = ConstructorParameters<typeof URLSearchParams>[0] | Record<string, unknown>

/** A sign-in that waits for its answer. */
async function begin(options: Partial<PublicClientOptions> = {}, document: object = provider) {
  const made = createUserClient(({ method, url }) => {
    if (method === 'GET' && url.startsWith(issuer)) return Response.json(document)
    const iss = options.oidcAuthority
    return method === 'POST' ? userToken(undefined, { id_token: idToken(iss ? { iss } : {}) }) : undefined
  }, options)
  const { nonce: _, ...flow } = await initiateAuthCodeFlow(made.client, { scopes: ['User.Read'], redirectUri })
  const good = { state: flow.state, code: 'the-code' }
  const redeem = (response: Parameters) =>
    acquireTokenByAuthCodeFlow(made.client, { flow, response: response as Record<string, string> })
  const outcome = async (response: Parameters) => {
    const error = await redeem(response).catch((thrown: unknown) => thrown)
    return error instanceof Error ? ((error as { code?: string }).code ?? error.name) : 'signed in'
  }
  return { ...made, flow, good, redeem, outcome }
}
const atProvider = (document: object = provider) => begin({ authority: undefined, oidcAuthority: issuer }, document)

describe('the issuer of the answer (RFC 9207)', () => {
  test.each([
    ['the provider’s own', issuer, 'signed in'],
    ['another provider’s', 'https://other.example', 'invalid_response'],
    ['the own one with a slash more', `${issuer}/`, 'invalid_response'],
    ['the own one in capitals', issuer.toUpperCase(), 'invalid_response'],
    ['one that only begins alike', `${issuer}.evil.example`, 'invalid_response'],
    ['no URL', 'id.example', 'invalid_response'],
  ])('is %s', async (_name, iss, expected) => {
    const { good, outcome, service, cache } = await atProvider()
    expect(await outcome({ ...good, iss })).toBe(expected)
    if (expected === 'signed in') return
    expect(service.posts()).toEqual([])
    expect(cache.serialize()).toBe('{}')
  })

  test.each([
    ['must be there where the provider says that it is', true, 'invalid_response'],
    ['may be missing elsewhere', false, 'signed in'],
  ])('%s', async (_name, isSupported, expected) => {
    const document = { ...provider, authorization_response_iss_parameter_supported: isSupported }
    const { good, outcome } = await atProvider(document)
    expect(await outcome(good)).toBe(expected)
  })

  // At `common` the issuer is the user's own tenant, which is known only when the ID token is there.
  test.each([
    ['the tenant', `https://login.microsoftonline.com/${tenantId}/v2.0`, 'signed in'],
    ['another name of the cloud', `https://login.windows.net/${tenantId}/v2.0`, 'signed in'],
    ['version 1', `https://sts.windows.net/${tenantId}/`, 'signed in'],
    ['another cloud', `https://login.microsoftonline.us/${tenantId}/v2.0`, 'invalid_response'],
    ['another provider', 'https://evil.example', 'invalid_response'],
    ['a host that only begins alike', 'https://login.microsoftonline.com.evil.example', 'invalid_response'],
    ['Microsoft’s name before another host', 'https://login.microsoftonline.com@evil.example', 'invalid_response'],
    ['no URL', 'login.microsoftonline.com', 'invalid_response'],
  ])('at Entra: %s', async (_name, iss, expected) => {
    for (const tenant of ['common', tenantId]) {
      const { good, outcome } = await begin({ authority: `https://login.microsoftonline.com/${tenant}` })
      expect(await outcome({ ...good, iss })).toBe(expected)
    }
  })
})

describe('parameters that come twice', () => {
  test.each([
    ['state', 'the same', 'state_mismatch'],
    ['iss', issuer, 'invalid_response'],
    ['error', 'access_denied', 'invalid_response'],
    ['response', 'a.b.c', 'invalid_response'],
  ])('%s', async (name, value, expected) => {
    const { good, outcome, service } = await atProvider()
    const given = name === 'state' ? good.state : value
    const pairs = [...Object.entries(good).filter(([other]) => other !== name), [name, given], [name, given]]
    expect(await outcome(pairs as [string, string][])).toBe('TypeError')
    expect(await outcome(new URLSearchParams(pairs as [string, string][]))).toBe(expected)
    expect(service.posts()).toEqual([])
  })
})

describe('a form parser’s record', () => {
  test.each<[string, (good: { state: string; code: string }) => Parameters, string]>([
    ['a list as the state', ({ state, code }) => ({ code, state: [state] }), 'state_mismatch'],
    ['a list as the code', ({ state, code }) => ({ state, code: [code, code] }), 'invalid_response'],
    ['an object as the code', ({ state }) => ({ state, code: { a: 1 } }), 'invalid_response'],
    ['a state that is inherited', ({ state, code }) => Object.create({ state, code }) as Parameters, 'state_mismatch'],
    ['an empty code', ({ state }) => ({ state, code: '' }), 'invalid_response'],
    ['an empty state', ({ code }) => ({ state: '', code }), 'state_mismatch'],
    [
      'names of JavaScript',
      (good) => JSON.parse(JSON.stringify(good).replace('{', '{"__proto__":{"a":1},')),
      'signed in',
    ],
    ['no prototype', (good) => Object.assign(Object.create(null), good) as Parameters, 'signed in'],
    ['more than is known', (good) => ({ ...good, session_state: 'x', client_info: '%%%', other: null }), 'signed in'],
  ])('with %s', async (_name, change, expected) => {
    const { good, outcome, service } = await begin()
    expect(await outcome(change(good))).toBe(expected)
    expect(service.posts()).toHaveLength(expected === 'signed in' ? 1 : 0)
  })

  test('leads the request to the user’s data centre, where it says who it is', async () => {
    const { good, redeem, service } = await begin()
    const clientInfo = Buffer.from(JSON.stringify({ uid: 'u', utid: 't' })).toString('base64url')
    await redeem({ ...good, client_info: clientInfo })
    expect(service.posts()[0]?.headers.get('x-anchormailbox')).toBe('Oid:u@t')
  })
})

test.each(['a\r\nx-evil: 1', '日本', 'a b', 'a@b'])(
  'who an answer says to be cannot write headers (%j)',
  async (uid) => {
    const { good, redeem, service } = await begin()
    const clientInfo = Buffer.from(JSON.stringify({ uid, utid: 't' })).toString('base64url')
    await redeem({ ...good, client_info: clientInfo })
    expect(service.posts()[0]?.headers.has('x-anchormailbox')).toBe(false)
  },
)

describe('a refusal', () => {
  test.each([
    ['access_denied', 'access_denied'],
    ['consent_required', 'consent_required'],
    ['interaction_required', 'interaction_required'],
    ['account_selection_required', 'interaction_required'],
    ['invalid_request', 'invalid_request'],
    ['invalid_scope', 'invalid_scope'],
    ['invalid_resource', 'invalid_resource'],
    ['unauthorized_client', 'unauthorized_client'],
    ['server_error', 'server_error'],
    ['temporarily_unavailable', 'server_error'],
    ['invalid_grant', 'server_error'], // no authorization endpoint says that
    ['no_token', 'server_error'], // a code of ours, which a server must not choose
    ['constructor', 'server_error'],
  ])('%s has the code %s', async (error, code) => {
    const { good, redeem, service } = await begin()
    expect(await rejection(redeem({ state: good.state, error }))).toMatchObject({ name: 'AuthError', code, error })
    expect(service.posts()).toEqual([])
  })

  test('counts more than a code beside it', async () => {
    const { good, outcome, service } = await begin()
    expect(await outcome({ ...good, error: 'access_denied' })).toBe('access_denied')
    expect(service.posts()).toEqual([])
  })

  test('of another server is none of ours', async () => {
    const { good, outcome } = await atProvider()
    expect(await outcome({ state: good.state, error: 'access_denied', iss: 'https://evil.example' })).toBe(
      'invalid_response',
    )
  })

  test('is kept short, whatever the address held', async () => {
    const { good, redeem } = await begin()
    const error_description =
      Array.from({ length: 50 }, (_, index) => `AADSTS${index + 1}: `).join('') + 'x'.repeat(9999)
    const error = (await rejection(redeem({ state: good.state, error: 'e'.repeat(9999), error_description }))) as Error
    expect(error).toMatchObject({ errorCodes: Array.from({ length: 16 }, (_, index) => index + 1) })
    expect((error as { errorDescription?: string }).errorDescription).toHaveLength(4096)
    expect(error.message.length).toBeLessThan(8300)
  })
})

describe('a code', () => {
  test('that was used is refused, and what the first time gave stays', async () => {
    const used = new Set<string>()
    const { client, cache, service } = createUserClient(({ form, method }) => {
      if (method !== 'POST') return undefined
      if (used.has(form['code']!)) return refusal('invalid_grant', { error_codes: [54005] })
      used.add(form['code']!)
      return undefined
    })
    const { nonce: _, ...flow } = await initiateAuthCodeFlow(client, { scopes: ['User.Read'], redirectUri })
    const response = { state: flow.state, code: 'once' }
    await acquireTokenByAuthCodeFlow(client, { flow, response })
    const kept = cache.serialize()
    const error = await rejection(acquireTokenByAuthCodeFlow(client, { flow, response }))
    expect(error).toMatchObject({ code: 'invalid_grant', errorCodes: [54005] })
    expect(cache.serialize()).toBe(kept)
    // The server is not asked a third time at once: its answer would be the same.
    expect(await rejection(acquireTokenByAuthCodeFlow(client, { flow, response }))).toMatchObject({
      errorCodes: [54005],
    })
    expect(service.posts()).toHaveLength(2)
  })

  test('of one sign-in does not go with the verifier of another', async () => {
    const { client, service } = createUserClient()
    const flows = await Promise.all(
      [1, 2].map(() => initiateAuthCodeFlow(client, { scopes: ['User.Read'], redirectUri })),
    )
    const [one, other] = flows.map((flow) => ({ ...flow, nonce: undefined! }))
    const answers = flows.map(({ state }, index) => ({ state, code: `code-${index}` }))
    // The same code twice at once, with the verifier of each: two requests, so that only the right one can succeed.
    const swapped = { ...one!, codeVerifier: other!.codeVerifier }
    await Promise.all(
      [one!, swapped].map((flow) => acquireTokenByAuthCodeFlow(client, { flow, response: answers[0]! })),
    )
    expect(service.posts().map(({ form }) => [form['code'], form['code_verifier']])).toEqual([
      ['code-0', one!.codeVerifier],
      ['code-0', other!.codeVerifier],
    ])
    expect(await rejection(acquireTokenByAuthCodeFlow(client, { flow: one!, response: answers[1]! }))).toMatchObject({
      code: 'state_mismatch',
    })
  })
})
