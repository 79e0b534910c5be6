import { describe, expect, test } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  getAuthorizationRequestUrl,
  initiateAuthCodeFlow,
  Prompt,
  type AuthError,
} from '@latchkey/core'
import { hashNonce } from '../src/acquire/hashNonce.js'
import { rejection, start } from './fixtures/tokenService.js'
import { createUserClient, idToken, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const redirectUri = 'https://app.example/callback'

/** A service that puts the nonce of the request into the ID token, as a provider does. */
async function begin(
  claims: Record<string, unknown> = {},
  options: Partial<Parameters<typeof initiateAuthCodeFlow>[1]> = {},
) {
  let nonce = ''
  const made = createUserClient(({ method }) =>
    method === 'POST'
      ? userToken(undefined, {
          id_token: idToken({ nonce, oid: 'uid-ada', preferred_username: 'ada@contoso.com', ...claims }),
        })
      : undefined,
  )
  const flow = await initiateAuthCodeFlow(made.client, { scopes, redirectUri, ...options })
  nonce = await hashNonce(flow.nonce)
  const redeem = (response: Record<string, string> | URLSearchParams, more: object = {}) =>
    acquireTokenByAuthCodeFlow(made.client, { flow, response, ...more })
  return { ...made, flow, redeem, good: { state: flow.state, code: 'the-code' } }
}
const codeOf = async (call: Promise<unknown>): Promise<string> => ((await rejection(call)) as AuthError).code

describe('the request', () => {
  test('has PKCE, state and nonce, each new and unguessable', async () => {
    const [one, other] = [await begin(), await begin()]
    for (const name of ['state', 'nonce', 'codeVerifier'] as const) {
      expect(one.flow[name]).toMatch(/^[\w.~-]{43}$/)
      expect(one.flow[name]).not.toBe(other.flow[name])
    }
    const query = new URL(one.flow.authUri).searchParams
    expect(query.get('code_challenge_method')).toBe('S256')
    expect(query.get('nonce')).toBe(await hashNonce(one.flow.nonce))
    expect(one.flow.authUri).not.toContain(one.flow.codeVerifier)
    expect(one.flow.authUri).not.toContain(one.flow.nonce)
    expect(JSON.parse(JSON.stringify(one.flow))).toEqual(one.flow)
  })

  test('asks for consent to other scopes, and for a token of these', async () => {
    const { flow } = await begin({}, { extraScopesToConsent: ['https://management.azure.com/user_impersonation'] })
    expect(new URL(flow.authUri).searchParams.get('scope')).toContain('management')
    expect(flow.scope).toEqual(['User.Read', 'openid', 'profile', 'offline_access'])
  })

  test('names several prompts', async () => {
    const { flow } = await begin({}, { prompt: [Prompt.LOGIN, Prompt.CONSENT] })
    expect(new URL(flow.authUri).searchParams.get('prompt')).toBe('login consent')
  })

  test.each<[name: string, options: object]>([
    ['no redirect URI', { redirectUri: undefined }],
    ['a relative redirect URI', { redirectUri: '/callback' }],
    ['an empty state', { state: '' }],
    ['a reserved scope', { scopes: ['openid'] }],
    ['a scope with a blank', { scopes: ['a b'] }],
    ['a response mode of its own', { responseMode: 'carrier pigeon' }],
    ['an age below nought', { maxAge: -1 }],
    ['a login hint that is no text', { loginHint: 5 }],
    ['claims that are no text', { claims: {} }],
    ['extra scopes that are a text', { extraScopesToConsent: 'a' }],
  ])('is not made with %s', async (_name, options) => {
    expect(await rejection(begin({}, options))).toBeInstanceOf(TypeError)
  })

  test('of the older kind leaves state and nonce to the caller', async () => {
    const { client } = createUserClient()
    const url = await getAuthorizationRequestUrl(client, {
      scopes,
      redirectUri,
      state: 's',
      nonce: 'n',
      responseType: 'id_token',
    })
    const query = Object.fromEntries(new URL(url).searchParams)
    expect(query).toMatchObject({ state: 's', nonce: 'n', response_type: 'id_token', redirect_uri: redirectUri })
    expect(query).not.toHaveProperty('code_challenge')
  })
})

describe('an answer', () => {
  test.each([
    ['a record', (good: Record<string, string>) => good],
    ['search parameters', (good: Record<string, string>) => new URLSearchParams(good)],
  ])('is taken as %s', async (_name, shape) => {
    const { redeem, good, service, flow } = await begin()
    expect(await redeem(shape(good))).toMatchObject({ account: { username: 'ada@contoso.com' } })
    expect(service.posts()[0]?.form).toMatchObject({ code: 'the-code', code_verifier: flow.codeVerifier })
  })

  test('that comes twice at once is redeemed once', async () => {
    const { redeem, good, service } = await begin()
    const [one, other] = await Promise.all([redeem(good), redeem(good)])
    expect(one.accessToken).toBe(other.accessToken)
    expect(service.posts()).toHaveLength(1)
  })

  test('is not repeated after a failure of the server', async () => {
    const { client, service } = createUserClient(() => new Response('', { status: 503 }), { maxRetries: 3 })
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri })
    await rejection(acquireTokenByAuthCodeFlow(client, { flow, response: { state: flow.state, code: 'c' } }))
    expect(service.posts()).toHaveLength(1)
  })

  test.each<
    [name: string, change: (good: Record<string, string>) => Record<string, string> | URLSearchParams, code: string]
  >([
    ['another state', (good) => ({ ...good, state: 'other' }), 'state_mismatch'],
    ['no state', ({ code }) => ({ code: code! }), 'state_mismatch'],
    ['two states', (good) => new URLSearchParams([...Object.entries(good), ['state', 'other']]), 'state_mismatch'],
    ['an error and no state', () => ({ error: 'access_denied' }), 'state_mismatch'],
    ['another issuer', (good) => ({ ...good, iss: 'https://evil.example' }), 'invalid_response'],
    ['two codes', (good) => new URLSearchParams([...Object.entries(good), ['code', 'other']]), 'the-code'],
    ['no code', ({ state }) => ({ state: state! }), 'invalid_response'],
    ['a JWT around it', (good) => ({ ...good, response: 'a.b.c' }), 'invalid_response'],
    ['an ID token beside it', (good) => ({ ...good, id_token: 'a.b.c' }), 'invalid_response'],
    ['a refusal', ({ state }) => ({ state: state!, error: 'access_denied', error_description: 'no' }), 'access_denied'],
    ['a wish for a person', ({ state }) => ({ state: state!, error: 'login_required' }), 'interaction_required'],
    ['a refusal of its own', ({ state }) => ({ state: state!, error: '__proto__' }), 'server_error'],
  ])('with %s', async (_name, change, code) => {
    const { redeem, good, service, cache } = await begin()
    if (code === 'the-code') {
      // Which of two is meant nobody knows: the first goes to the server, which knows its codes.
      await redeem(change(good))
      expect(service.posts()[0]?.form['code']).toBe(code)
      return
    }
    expect(await codeOf(redeem(change(good)))).toBe(code)
    expect(service.posts()).toEqual([])
    expect(cache.serialize()).toBe('{}')
  })

  test('gives of a refusal three fields, whatever else stands in it', async () => {
    const { redeem, good } = await begin()
    const error = (await rejection(
      redeem({
        state: good.state,
        error: 'access_denied',
        error_description: 'AADSTS65004: no',
        error_codes: '1',
        claims: 'x',
      }),
    )) as AuthError
    expect(error).toMatchObject({ error: 'access_denied', errorDescription: 'AADSTS65004: no', errorCodes: [65004] })
    expect(error.claims).toBeUndefined()
  })

  test('of another sign-in is refused', async () => {
    const [one, other] = [await begin(), await begin()]
    expect(await codeOf(one.redeem(other.good))).toBe('state_mismatch')
  })

  test('with the nonce of another sign-in is refused, and nothing is kept', async () => {
    const { redeem, good, cache } = await begin({ nonce: 'other' })
    expect(await codeOf(redeem(good))).toBe('nonce_mismatch')
    expect(cache.serialize()).toBe('{}')
  })

  test.each([
    ['long ago', { auth_time: start - 181 }],
    ['at no time', {}],
    ['at a time that is none', { auth_time: 'noon' }],
  ])('of a sign-in %s is refused where it has to be new', async (_name, claims) => {
    const { redeem, good } = await begin(claims, { maxAge: 60 })
    expect(await codeOf(redeem(good))).toBe('id_token_invalid')
  })

  test('of a new enough sign-in is taken', async () => {
    const { redeem, good } = await begin({ auth_time: start - 170 }, { maxAge: 60 })
    expect(await redeem(good)).toHaveProperty('accessToken')
  })

  test('is redeemed for some of the scopes, and for no others', async () => {
    const { redeem, good, service } = await begin({}, { scopes: ['User.Read', 'Mail.Read'] })
    expect(await rejection(redeem(good, { scopes: ['Files.Read'] }))).toBeInstanceOf(TypeError)
    await redeem(good, { scopes: ['Mail.Read'] })
    expect(service.posts()[0]?.form['scope']).toBe('Mail.Read offline_access openid profile')
  })
})

describe('a session', () => {
  test.each([undefined, null, {}])('without a sign-in (%j) belongs to no answer', async (flow) => {
    const { client } = createUserClient()
    expect(await codeOf(acquireTokenByAuthCodeFlow(client, { flow, response: { state: 's', code: 'c' } }))).toBe(
      'state_mismatch',
    )
  })

  test.each(['text', 5, []])('with something else in it (%j) is a mistake of the program', async (flow) => {
    const { client } = createUserClient()
    const call = acquireTokenByAuthCodeFlow(client, { flow: flow as never, response: {} })
    expect(await rejection(call)).toBeInstanceOf(TypeError)
  })

  test.each(['text', null, []])('an answer that is none (%j), too', async (response) => {
    const { client, flow } = await begin()
    const call = acquireTokenByAuthCodeFlow(client, { flow, response: response as never })
    expect(await rejection(call)).toBeInstanceOf(TypeError)
  })
})
