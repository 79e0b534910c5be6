import { readdirSync, readFileSync } from 'node:fs'
import { serializableCache } from '@latchkey/core'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  type ManagedIdentity,
} from '@latchkey/managed-identity'
import { describe, expect, test } from 'vitest'

interface Recording {
  readonly name: string
  readonly note: string
  readonly now: number
  readonly identity: ManagedIdentity
  readonly env: Record<string, string>
  readonly calls: readonly { readonly kwargs: { readonly resource: string } }[]
  readonly requests: readonly {
    readonly method: string
    readonly url: string
    readonly params: Record<string, string>
    readonly headers: Record<string, string>
    readonly response: { readonly status: number; readonly headers: Record<string, string>; readonly body: unknown }
  }[]
  readonly results: readonly Record<string, unknown>[]
  readonly cache: unknown
}

const folder = new URL('fixtures/golden/', import.meta.url)
const recordings = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recording)

const lower = (headers: Record<string, string>) => Object.fromEntries(new Headers(headers))

/** Answers in the recorded order, and keeps what it was asked. */
function createScript({ requests }: Recording) {
  const left = [...requests]
  const asked: object[] = []
  const fetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const { origin, pathname, searchParams } = new URL(input)
    const headers = Object.fromEntries(new Headers(init.headers))
    asked.push({ method: init.method, url: origin + pathname, params: Object.fromEntries(searchParams), headers })
    const { response } = left.shift() ?? {}
    if (!response) throw new Error(`Nobody recorded ${input}`)
    return Response.json(response.body, { status: response.status, headers: response.headers })
  }
  return { fetch: fetch as typeof globalThis.fetch, asked }
}

test('there are recordings', () => {
  expect(recordings.map(({ name }) => name)).toEqual([
    'mi_app_service',
    'mi_imds_client_id',
    'mi_imds_error',
    'mi_imds_system',
    'mi_service_fabric',
  ])
})

describe.each(recordings)('$name: $note', (recording) => {
  test('the same requests, results and cache', async () => {
    const { identity, env, now, calls, results: theirs } = recording
    const { fetch, asked } = createScript(recording)
    const cache = serializableCache()
    const client = createManagedIdentityClient({ identity, env, fetch, cache, now: () => now * 1000 })
    const results: object[] = []
    for (const { kwargs } of calls)
      results.push(
        await acquireTokenForManagedIdentity(client, kwargs).then(
          ({ accessToken, tokenType, expiresOn, refreshOn, source }) => ({
            access_token: accessToken,
            expires_in: expiresOn.getTime() / 1000 - now,
            token_source: source,
            token_type: tokenType,
            ...(refreshOn && { refresh_on: refreshOn.getTime() / 1000 }),
          }),
          ({ error, errorDescription }) => ({ error, error_description: errorDescription }),
        ),
      )
    expect(asked).toEqual(
      recording.requests.map(({ method, url, params, headers }) => ({ method, url, params, headers: lower(headers) })),
    )
    // What the endpoint called the resource, and a lifetime that `refresh_on` says too, are not told.
    expect(results).toEqual(theirs.map(({ resource: _resource, refresh_in: _refreshIn, ...rest }) => rest))
    expect(JSON.parse(cache.serialize() || '{}')).toEqual(recording.cache)
  })
})
