import type { Recording, RecordedRequest } from './fixtures/golden/Recording.js'

/** Something that we do in another way than MSAL Python, on purpose. */
export interface Difference {
  readonly what: string
  readonly why: string
  /** Whether a recorded request is not made. */
  readonly saves?: (request: RecordedRequest, recording: Recording) => boolean
  /** Turns a recorded request into ours. */
  readonly changes?: (request: RecordedRequest) => RecordedRequest
  /** Turns an entity of our cache into the recorded one. */
  readonly cache?: (entity: Record<string, unknown>) => Record<string, unknown>
}

const knownHosts = /^login\.(microsoftonline\.(com|us)|windows\.net)$/
const tenantId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whether the authority's endpoints are built in. */
function isBuiltIn({ client }: Recording): boolean {
  const { host, pathname } = new URL(client.authority)
  return knownHosts.test(host) && (pathname === '/common' || tenantId.test(pathname.slice(1)))
}

const isDiscovery = ({ url }: RecordedRequest): boolean => url.endsWith('/.well-known/openid-configuration')
const isInstanceDiscovery = ({ url }: RecordedRequest): boolean => url.includes('/common/discovery/instance')
const changed = (headers: Readonly<Record<string, string>>, ours: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...headers, ...ours }).map(([name, value]) => [name.toLowerCase(), value]))
const unpadded = (text: unknown): unknown => (typeof text === 'string' ? text.replace(/=+$/, '') : text)

/** Every difference there is, in requests, for the recordings that are replayed. */
export const differences: readonly Difference[] = [
  {
    what: 'No tenant discovery for a tenant by id, or common, in a known cloud',
    why: 'The endpoints follow from host and tenant: the first token costs one request',
    saves: (request, recording) => isDiscovery(request) && isBuiltIn(recording),
  },
  {
    what: 'No instance discovery for login.windows.net',
    why: 'It is another name of the public cloud; MSAL Python knows so since 1.35',
    saves: (request, recording) => isInstanceDiscovery(request) && isBuiltIn(recording),
  },
  {
    what: 'No request for the names of the cloud after a failure',
    why: 'The names are built in, and the cache is searched by all of them at once',
    saves: ({ url }) => url.includes('/common/discovery/instance?api-version=1.1'),
  },
  {
    what: 'No probe of the metadata service where the region is named',
    why: 'MSAL Python asks in order to log a warning only, and waits for it',
    saves: ({ url }, { client }) => url.startsWith('http://169.254.169.254/') && client.azure_region !== undefined,
  },
  {
    what: 'Our own SKU and version, and the platform that the test runs on',
    why: 'The server counts libraries by them',
    changes: (request) => {
      if (request.method === 'GET') return request
      const own = { 'x-client-sku': 'Latchkey', 'x-client-ver': 'ours', 'x-client-os': process.platform }
      return { ...request, headers: changed(request.headers, own) }
    },
  },
  {
    what: 'Discovery asks for JSON',
    why: 'A proxy in between then has no reason to answer with a page',
    changes: (request) =>
      isDiscovery(request) || isInstanceDiscovery(request)
        ? { ...request, headers: changed(request.headers, { accept: 'application/json' }) }
        : request,
  },
  {
    what: 'Merged claims are JSON without blanks',
    why: 'JSON.stringify writes them so; they mean the same',
    changes: (request) => {
      const { form } = request
      const claims = form?.['claims']
      return typeof claims === 'string'
        ? { ...request, form: { ...form, claims: JSON.stringify(JSON.parse(claims)) } }
        : request
    },
  },
  {
    what: 'Thumbprints in an assertion have no padding',
    why: 'RFC 7515, section 4.1.7: base64url without "="',
    changes: (request) => {
      const { client_assertion_decoded: assertion } = request
      if (!assertion) return request
      const header = Object.fromEntries(
        Object.entries(assertion.header).map(([name, value]) => [name, unpadded(value)]),
      )
      return { ...request, client_assertion_decoded: { ...assertion, header } }
    },
  },
  {
    what: 'A token on behalf of a user is kept with the hash of the assertion',
    why: 'It must not be given to the bearer of another assertion; MSAL Node writes the same field',
    cache: (entity) => {
      const { userAssertionHash: _, ...rest } = entity
      return rest
    },
  },
]

/**
 * Applies the table to a cache that we wrote.
 *
 * @returns The cache as MSAL Python would have written it.
 */
export function withOurCache(cache: Record<string, Record<string, Record<string, unknown>>>): unknown {
  const change = (entity: Record<string, unknown>): Record<string, unknown> =>
    differences.reduce((rest, { cache }) => cache?.(rest) ?? rest, entity)
  const section = (entities: Record<string, Record<string, unknown>>): object =>
    Object.fromEntries(Object.entries(entities).map(([key, entity]) => [key, change(entity)]))
  return Object.fromEntries(Object.entries(cache).map(([name, entities]) => [name, section(entities)]))
}

/**
 * Applies the table to what was recorded.
 *
 * @returns The requests that are expected of us.
 */
export function expectedRequests(recording: Recording): RecordedRequest[] {
  return recording.requests
    .filter((request) => !differences.some(({ saves }) => saves?.(request, recording)))
    .map((request) => differences.reduce((rest, { changes }) => changes?.(rest) ?? rest, request))
}

/** The options of the replay that are not MSAL Python's: it tries nothing again. */
export const replayOptions = { maxRetries: 0 } as const
