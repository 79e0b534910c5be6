import { describe, expect, test } from 'vitest'
import { acquireTokenForClient, AuthError } from '@latchkey/core'
import { createClient, createService, rejection, scopes, start, token } from './fixtures/tokenService.js'

const acquire = (answer: () => Response) => acquireTokenForClient(createClient(createService(answer)), { scopes })
const after = (seconds: number): Date => new Date((start + seconds) * 1000)

describe('takes what Entra and others send', () => {
  test.each<[string, Record<string, unknown>, object]>([
    ['expires_in as text', { expires_in: '3599' }, { expiresOn: after(3599) }],
    ['expires_in with a fraction', { expires_in: 3599.9 }, { expiresOn: after(3599) }],
    ['expires_on as a number', { expires_in: undefined, expires_on: start + 1200 }, { expiresOn: after(1200) }],
    ['expires_on as text', { expires_in: undefined, expires_on: `${start + 1200}` }, { expiresOn: after(1200) }],
    ['both, of which expires_in counts', { expires_in: 60, expires_on: start + 1200 }, { expiresOn: after(60) }],
    ['no lifetime', { expires_in: undefined }, { expiresOn: after(600) }],
    ['a lifetime that is none', { expires_in: 'soon' }, { expiresOn: after(600) }],
    ['refresh_in as text', { refresh_in: '1800' }, { refreshOn: after(1800) }],
    ['refresh_in that is none', { refresh_in: 'soon' }, { refreshOn: undefined }],
    ['no token_type', { token_type: undefined }, { tokenType: 'Bearer' }],
    ['token_type in its own spelling', { token_type: 'bearer' }, { tokenType: 'bearer' }],
    ['scope as text', { scope: 'b a  c' }, { scopes: ['a', 'b', 'c'] }],
    ['scope as a list', { scope: ['b', 'a'] }, { scopes: ['a', 'b'] }],
    ['an empty scope', { scope: '' }, { scopes }],
    ['a blank scope', { scope: '  ' }, { scopes }],
    ['a scope that is none', { scope: 5 }, { scopes }],
    ['an empty refresh token', { refresh_token: '' }, { accessToken: 'AT' }],
    ['fields that nobody knows', { constructor: 1, toString: 2, x: { y: [] } }, { accessToken: 'AT' }],
  ])('%s', async (_, fields, expected) => {
    expect(await acquire(() => token(fields))).toMatchObject({ source: 'identity_provider', ...expected })
  })

  test.each(['application/json; charset=utf-8', 'Application/JSON', 'application/problem+json'])('%s', async (type) => {
    const answer = (): Response => new Response('{"access_token":"AT"}', { headers: { 'content-type': type } })
    expect(await acquire(answer)).toMatchObject({ accessToken: 'AT' })
  })

  test('an answer that is over already: it is given out, and not again', async () => {
    const service = createService(() => token({ expires_in: 0 }))
    const client = createClient(service)
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ expiresOn: after(0) })
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
    expect(service.requests).toHaveLength(2)
  })
})

describe('refuses, and caches nothing', () => {
  const json = (body: string, init?: ResponseInit): Response =>
    new Response(body, { headers: { 'content-type': 'application/json' }, ...init })

  test.each<[string, () => Response]>([
    ['an empty body', () => json('')],
    ['no body', () => new Response(null, { status: 204 })],
    ['an empty object', () => json('{}')],
    ['a list', () => json('[{"access_token":"AT"}]')],
    ['null', () => json('null')],
    ['a text', () => json('"AT"')],
    ['half an object', () => json('{"token_type":"Bearer","access_token":"AT"')],
    ['deeply nested JSON', () => json('['.repeat(1e5) + ']'.repeat(1e5))],
    ['deeply nested JSON in an object', () => json(`{"access_token":${'['.repeat(1e5)}${']'.repeat(1e5)}}`)],
    ['an empty token', () => token({ access_token: '' })],
    ['a blank token', () => token({ access_token: '  ' })],
    ['a token that is a number', () => token({ access_token: 42 })],
    ['a token that is an object', () => token({ access_token: { toString: 'AT' } })],
    ['a token that is inherited', () => json('{"__proto__":{"access_token":"AT"}}')],
    ['a page', () => new Response('<html>sign in</html>', { headers: { 'content-type': 'text/html' } })],
    ['a page that calls itself JSON', () => json('<html>sign in</html>')],
    ['a token under another content type', () => new Response('{"access_token":"AT"}')],
    ['a token under no content type', () => new Response(new TextEncoder().encode('{"access_token":"AT"}'))],
    ['a token with a status that promises none', () => json('{"access_token":"AT"}', { status: 203 })],
  ])('%s', async (_, answer) => {
    const service = createService((__, index) => (index === 0 ? answer() : undefined))
    const client = createClient(service)
    const error = await rejection(acquireTokenForClient(client, { scopes }))
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code: 'invalid_response' })
    expect([...(await client.cache.partitions!())]).toEqual([])
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
    expect(({} as Record<string, unknown>)['access_token']).toBeUndefined()
  })
})

describe('turns a refusal into', () => {
  test.each<[string, number, Record<string, unknown>, object]>([
    ['invalid_client', 401, { error: 'invalid_client' }, {}],
    ['invalid_scope', 400, { error: 'invalid_scope' }, {}],
    ['invalid_request', 400, { error: 'invalid_request' }, {}],
    ['invalid_grant', 400, { error: 'invalid_grant' }, {}],
    ['unauthorized_client', 400, { error: 'unauthorized_client' }, {}],
    ['invalid_resource', 400, { error: 'invalid_resource' }, {}],
    ['unsupported_grant_type', 400, { error: 'unsupported_grant_type' }, {}],
    ['interaction_required', 400, { error: 'interaction_required', claims: '{}' }, { claims: '{}' }],
    [
      'consent_required',
      400,
      { error: 'invalid_grant', suberror: 'consent_required' },
      { suberror: 'consent_required' },
    ],
    ['invalid_authority', 400, { error: 'invalid_request', error_codes: [90002] }, {}],
    ['throttled', 429, { error: 'invalid_request' }, {}],
    ['server_error', 503, {}, {}],
    ['server_error', 500, { error: 'some_new_error' }, {}],
    ['server_error', 400, { error: 'some_new_error' }, { error: 'some_new_error' }],
    ['invalid_response', 200, { error: 'some_new_error' }, {}],
    ['invalid_response', 200, { error: 'invalid_grant' }, {}],
  ])('%s from status %i with %o', async (code, status, body, rest) => {
    expect(await rejection(acquire(() => Response.json(body, { status })))).toMatchObject({ code, status, ...rest })
  })

  test('all that the server said', async () => {
    const body = {
      error: 'invalid_client',
      error_description: 'AADSTS7000215: Invalid client secret provided.',
      error_codes: [7000215],
      timestamp: '2027-01-15 08:00:00Z',
      trace_id: 'trace',
      correlation_id: 'correlation',
      suberror: 'bad',
      claims: '{"a":1}',
    }
    expect(
      await rejection(acquire(() => Response.json(body, { status: 401, headers: { 'retry-after': '7' } }))),
    ).toMatchObject({
      name: 'AuthError',
      message: 'Cannot acquire a token: invalid_client: AADSTS7000215: Invalid client secret provided.',
      code: 'invalid_client',
      error: 'invalid_client',
      errorDescription: body.error_description,
      errorCodes: [7000215],
      timestamp: body.timestamp,
      traceId: 'trace',
      correlationId: 'correlation',
      suberror: 'bad',
      claims: '{"a":1}',
      status: 401,
      retryAfter: 7,
    })
  })

  test.each<[string, number | undefined]>([
    ['7', 7],
    ['0', 0],
    [after(30).toUTCString(), 30],
    [after(-30).toUTCString(), 0],
    ['soon', undefined],
  ])('the seconds that Retry-After: %s means', async (header, retryAfter) => {
    const answer = (): Response => Response.json({}, { status: 401, headers: { 'retry-after': header } })
    expect(((await rejection(acquire(answer))) as AuthError).retryAfter).toBe(retryAfter)
  })

  test('the numbers of the description where there is no list of them', async () => {
    const body = { error: 'invalid_client', error_description: 'AADSTS7000222: expired. AADSTS50001: x' }
    expect(await rejection(acquire(() => Response.json(body, { status: 401 })))).toMatchObject({
      errorCodes: [7000222, 50001],
    })
  })

  test('an error in spite of fields of the wrong type', async () => {
    const body = {
      error: 5,
      error_description: ['x'],
      error_codes: 'x',
      suberror: {},
      claims: [],
      correlation_id: null,
    }
    const error = await rejection(acquire(() => Response.json(body, { status: 400 })))
    expect(error).toMatchObject({ code: 'server_error', errorCodes: [], status: 400 })
    for (const name of ['error', 'errorDescription', 'suberror', 'claims', 'traceId', 'timestamp', 'retryAfter'])
      expect(error).not.toHaveProperty(name)
  })
})
