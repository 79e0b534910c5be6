import { readdirSync, readFileSync } from 'node:fs'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  clientAssertion,
  clientCertificate,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  serializableCache,
  type Client,
  type ClientCredential,
  type ClientOptions,
} from '@latchkey/core'
import { differences, expectedRequests, replayOptions, withOurCache } from './differences.js'
import type { Recording, RecordedRequest } from './fixtures/golden/Recording.js'
import { replayCall } from './fixtures/replayCall.js'

const folder = new URL('./fixtures/golden/', import.meta.url)
const recordings = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recording)

function credentialOf({ client_credential: given, client_claims: claims }: Recording['client']): ClientCredential {
  if (typeof given === 'string') return clientSecret(given)
  if (!given) throw new TypeError('The recording has no credential')
  if ('client_assertion' in given) return clientAssertion(given.client_assertion)
  return clientCertificate({ privateKey: given.private_key, thumbprint: given.thumbprint, claims })
}

function clientOf({ client }: Recording, options: ClientOptions): Client {
  if (client.kind === 'public') return createPublicClient(options)
  return createConfidentialClient({ ...options, credential: credentialOf(client), azureRegion: client.azure_region })
}

/** A request as it is compared: parameters apart, names of headers in lower case, what is random left out. */
interface Compared {
  method: string
  url: string
  params: Record<string, string>
  headers: Record<string, string>
  form: Record<string, string>
  assertion?: { header: object; payload: object }
}

function compare({
  method,
  url,
  params,
  headers,
  form,
  client_assertion_decoded: assertion,
}: RecordedRequest): Compared {
  const { origin, pathname, searchParams } = new URL(url)
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return {
    method,
    url: origin + pathname,
    params: { ...Object.fromEntries(searchParams), ...params },
    headers: without(
      Object.fromEntries(named) as Record<string, string>,
      'client-request-id',
      'x-client-ver',
      'content-type',
      'user-agent',
    ),
    form: without(mapped(form ?? {}), assertion ? 'client_assertion' : ''),
    ...(assertion && { assertion: { header: assertion.header, payload: without(assertion.payload, 'jti') } }),
  }
}

const mapped = (form: object): Record<string, string> =>
  Object.fromEntries(Object.entries(form).map(([name, value]) => [name, String(value)]))
const without = <T extends object>(fields: T, ...names: string[]): T =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))) as T

/** Answers as the script says, and keeps what it was asked; what nobody recorded is an error. */
function createScript({ requests }: Recording) {
  const left = [...requests]
  const asked: RecordedRequest[] = []
  const fetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const method = init.method as 'GET' | 'POST'
    const form = Object.fromEntries(new URLSearchParams((init.body as string | null) ?? ''))
    const jwt = form['client_assertion']
    const isSigned = jwt !== undefined && jwt.length > 100
    const request = {
      ...{ method, url: input, params: {}, headers: Object.fromEntries(new Headers(init.headers)), form },
      ...(isSigned && {
        client_assertion_decoded: { header: { ...decodeProtectedHeader(jwt) }, payload: decodeJwt(jwt) },
      }),
    }
    const { url, params } = compare(request as RecordedRequest)
    const index = left.findIndex((one) => {
      const recorded = compare(one)
      return one.method === method && recorded.url === url && JSON.stringify(recorded.params) === JSON.stringify(params)
    })
    const [recorded] = index < 0 ? [] : left.splice(index, 1)
    if (!recorded) throw new Error(`Nobody recorded ${method} ${input}`)
    const { response } = recorded
    asked.push({ ...request, response })
    return Response.json(response.body, { status: response.status, headers: response.headers })
  }
  return { fetch: fetch as typeof globalThis.fetch, asked }
}

describe.each(recordings)('$name: $note', (recording) => {
  test('the same requests, results and cache', async () => {
    const { client, calls, now } = recording
    const { fetch, asked } = createScript(recording)
    const cache = serializableCache()
    const ours = clientOf(recording, {
      clientId: client.client_id,
      authority: client.authority,
      clientCapabilities: client.client_capabilities,
      appName: client.app_name,
      appVersion: client.app_version,
      now: () => now * 1000,
      env: {},
      cache,
      fetch,
      ...replayOptions,
    })
    const results: unknown[] = []
    for (const call of calls) results.push(...(await replayCall(call, ours, recording)))
    expect(asked.map(compare)).toEqual(expectedRequests(recording).map(compare))
    // The recorder left out what only prepared the scenario: lists of accounts, or the first sign-in.
    const isKept = recording.results.some(Array.isArray) ? Array.isArray : (result: unknown) => !Array.isArray(result)
    expect(results.filter(isKept).slice(-recording.results.length)).toEqual(recording.results.map(asOurs))
    expect(withOurCache(JSON.parse(cache.serialize()))).toEqual(recording.cache)
  })
})

/** Of what MSAL Python gives, what we give, too: tokens stay in the cache, and of a lifetime only the usual one is told. */
function asOurs(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('access_token' in result)) return result
  return without(
    result as Record<string, unknown>,
    'ext_expires_in',
    'refresh_token',
    'client_info',
    'id_token',
    'scope',
  )
}

test('there are recordings', () => {
  expect(recordings.length).toBeGreaterThan(22)
})

test.each(differences)('the difference is real: $what', ({ saves, changes, cache }) => {
  const requests = recordings.flatMap((recording) => recording.requests.map((request) => ({ request, recording })))
  const differs = requests.some(
    ({ request, recording }) =>
      saves?.(request, recording) || (changes && JSON.stringify(changes(request)) !== JSON.stringify(request)),
  )
  expect(differs || cache !== undefined).toBe(true)
})
