import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import {
  acquireTokenForClient,
  AuthError,
  clientAssertion,
  clientCertificate,
  clientSecret,
  explain,
  isAuthError,
  type ClientCredential,
  type ConfidentialClientOptions,
} from '@latchkey/core'
import { createEmulator, type Fault } from '@latchkey/emulator'
import { clientId, createClient, createService, rejection, scopes } from './fixtures/tokenService.js'
import recorded from './fixtures/msalAssertions.json' with { type: 'json' }

/** With everything that a URL, a form or JSON writes in another way. */
const secret = 'Zx8Q~dIst1nct/s+cr&t=%"\\ é!'
const jwt = 'eyJkSXN0MW5jdCI6.Zx8QeyJhc3NlcnRpb24i.c2lnbmF0dXJl'
const pieces = ['Zx8Q', 'dIst1nct', 'eyJkSXN0MW5jdCI6', 'c2lnbmF0dXJl']
const credentials: [string, ClientCredential][] = [
  ['a secret', clientSecret(secret)],
  ['an assertion', clientAssertion(jwt)],
]

/** Everything that a person or a log may get to see of an error. */
function visible(error: unknown): string {
  const causes = error instanceof Error && error.cause ? visible(error.cause) : ''
  const own = error instanceof Error ? [error.message, error.stack, ...Object.values(error)] : []
  return [
    String(error),
    inspect(error, { depth: Infinity, showHidden: true }),
    JSON.stringify(error),
    explain(error),
    causes,
    ...own,
  ].join('\n')
}

function expectClean(texts: string): void {
  for (const piece of pieces) expect(texts).not.toContain(piece)
}

/** Calls twice, the second time while requests may be stopped; returns all that can be seen. */
async function fail(
  credential: ClientCredential,
  service: { fetch: typeof globalThis.fetch },
  options: Partial<ConfidentialClientOptions> = {},
) {
  const lines: string[] = []
  const httpCache = new Map<string, unknown>()
  const logger = (...line: unknown[]): void => void lines.push(inspect(line, { depth: Infinity }))
  const client = createClient(service, { credential, httpCache, logger, logPii: true, timeout: 200, ...options })
  const errors = [
    await rejection(acquireTokenForClient(client, { scopes })),
    await rejection(acquireTokenForClient(client, { scopes, claims: '{"a":1}' })),
    await rejection(acquireTokenForClient(client, { scopes })),
  ]
  for (const error of errors) expect(isAuthError(error) || error instanceof TypeError).toBe(true)
  return { errors, texts: [...errors.map(visible), ...lines, inspect(httpCache, { depth: Infinity })].join('\n') }
}

describe.each(credentials)('%s is in no error, log line or HTTP cache', (_, credential) => {
  const faults: Fault[] = [
    ...[400, 401, 403, 404, 429, 500, 503].map((status) => ({ status })),
    ...(
      [
        'reset',
        'stall',
        'truncated',
        'wrong-json',
        'html',
        'empty',
        'redirect',
        'wrong-content-type',
        'huge',
        'deep-json',
      ] as const
    ).map((kind) => ({ kind })),
    { kind: 'slow', delay: 60_000 },
  ]
  test.each(faults)('after %o', async (fault) => {
    const emulator = createEmulator()
    emulator.faults.add(fault)
    expectClean((await fail(credential, emulator)).texts)
  })

  test('when it is wrong', async () => {
    const emulator = createEmulator({
      apps: [{ clientId, tenantId: createEmulator().defaults.tenantId, secrets: [{ value: 'x' }] }],
    })
    const { errors, texts } = await fail(credential, emulator, { authority: emulator.defaults.authority })
    expect(errors[0]).toMatchObject({ code: 'invalid_client' })
    expectClean(texts)
  })

  const fields = [
    'error',
    'error_description',
    'suberror',
    'claims',
    'correlation_id',
    'trace_id',
    'timestamp',
    'error_codes',
    'other',
  ]
  const wrappings: [string, (body: string) => string][] = [
    ['as it is', (body) => body],
    ['decoded', (body) => [...new URLSearchParams(body)].map((pair) => pair.join('=')).join('&')],
    ['encoded once more', encodeURIComponent],
    ['encoded twice more', (body) => encodeURIComponent(encodeURIComponent(body))],
    ['in lower case escapes', (body) => body.replaceAll(/%../g, (escape) => escape.toLowerCase())],
    ['with spaces as %20', (body) => body.replaceAll('+', '%20')],
    [
      'as encodeURIComponent writes it',
      (body) => [...new URLSearchParams(body)].map((pair) => pair.map(encodeURIComponent).join('=')).join('&'),
    ],
    ['as JSON', (body) => JSON.stringify(Object.fromEntries(new URLSearchParams(body)))],
    ['many times', (body) => `${body}\n`.repeat(10)],
    ['cut in the middle', (body) => 'x'.repeat(4096 - body.indexOf('Q') - 3) + body],
  ]
  describe.each(wrappings)('when the server sends the whole request back %s', (_, wrap) => {
    test.each(fields.flatMap((field) => [400, 500].map((status) => [field, status] as const)))(
      'in %s with %i',
      async (field, status) => {
        const fetch = async (__: unknown, init?: RequestInit): Promise<Response> =>
          Response.json({ error: 'invalid_client', [field]: wrap(init?.body as string) }, { status })
        expectClean((await fail(credential, { fetch })).texts)
      },
    )

    test.each(['text/html', 'text/plain', 'application/json'])('as a page (%s)', async (type) => {
      const fetch = async (__: unknown, init?: RequestInit): Promise<Response> =>
        new Response(wrap(init?.body as string), { status: 400, headers: { 'content-type': type } })
      expectClean((await fail(credential, { fetch })).texts)
    })
  })

  test.each<[string, () => unknown]>([
    [
      'undici’s',
      () =>
        Object.assign(new TypeError('fetch failed'), {
          cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
        }),
    ],
    ['a browser’s', () => new TypeError('Failed to fetch')],
    ['a time limit’s', () => new DOMException('timed out', 'TimeoutError')],
  ])('after %s network error', async (_, createError) => {
    const service = createService(() => {
      throw createError() as Error
    })
    expectClean((await fail(credential, service)).texts)
  })

  test('when discovery fails', async () => {
    const service = createService(() => Response.json({ error: 'invalid_tenant' }, { status: 400 }))
    expectClean((await fail(credential, service, { authority: 'https://login.microsoftonline.com/contoso.com' })).texts)
  })

  test('when it is printed', () => {
    const client = createClient(createService(), { credential })
    expectClean(inspect(client, { depth: Infinity, showHidden: true }) + JSON.stringify(client) + String(client))
  })
})

test('a token that came is in no error of a cache that fails', async () => {
  const cache = {
    get: () => undefined,
    update: () => Promise.reject(new AuthError('cache_locked', 'Cannot write the cache: it is locked')),
  }
  const service = createService(() => Response.json({ access_token: 'dIst1nct-token', token_type: 'Bearer' }))
  const error = await rejection(acquireTokenForClient(createClient(service, { cache }), { scopes }))
  expect(error).toMatchObject({ code: 'cache_locked' })
  expectClean(visible(error))
})

test('half a token answer is in no error', async () => {
  for (const body of ['{"access_token":"dIst1nct', '{"access_token":["dIst1nct-token"],"x":{}', 'dIst1nct']) {
    const service = createService(() => new Response(body, { headers: { 'content-type': 'application/json' } }))
    expectClean(visible(await rejection(acquireTokenForClient(createClient(service), { scopes }))))
  }
})

test('a private key is in no error', async () => {
  const { privateKey, certificate } = recorded
  const secretLines = privateKey.split('\n').filter((line) => line && !line.startsWith('-----'))
  const wrong = [
    { privateKey: privateKey.replace('PRIVATE KEY', 'RSA PRIVATE KEY'), certificate },
    { privateKey: privateKey.slice(0, -200), certificate },
    { privateKey: privateKey.replaceAll('\n', 'é'), certificate },
  ]
  for (const options of wrong) {
    const acquire = async () => {
      const client = createClient(createService(), { credential: clientCertificate(options) })
      return acquireTokenForClient(client, { scopes })
    }
    const text = visible(await rejection(acquire()))
    for (const line of secretLines) expect(text).not.toContain(line)
  }
})

test('telemetry tells the server nothing of it', async () => {
  const service = createService(({ form }) => Response.json({ error: form['client_secret'] }, { status: 401 }))
  const client = createClient(service, { credential: clientSecret('Zx8QdIst1nct2') })
  for (let call = 0; call < 2; call++) await rejection(acquireTokenForClient(client, { scopes }))
  expectClean(JSON.stringify(service.requests.map(({ headers }) => Object.fromEntries(headers))))
  expect(vi.isMockFunction(service.fetch)).toBe(false)
})

test('an answer that has a word which is a short secret, too, stays as it is', async () => {
  const error_description = 'AADSTS7000215: Invalid client secret provided.'
  const service = createService(() => Response.json({ error: 'invalid_client', error_description }, { status: 401 }))
  const client = createClient(service, { credential: clientSecret('client-secret') })
  expect(await rejection(acquireTokenForClient(client, { scopes }))).toHaveProperty(
    'errorDescription',
    error_description,
  )
})
