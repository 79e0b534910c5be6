import { abortable } from './abortable.js'
import { createDirectory, type App, type Directory, type Tenant } from './directory.js'
import type { Exchange, Service } from './Exchange.js'
import { readFetchArguments } from './fetchArguments.js'
import { readBody } from './readBody.js'
import { recordRequest, type RecordedRequest } from './requestLog.js'
import { addResponseHeaders, answerPreflight } from './responseHeaders.js'
import { createRouter } from './router.js'
import { defaultClientId, defaultClientSecret, seedApps, seedTenants } from './seed.js'
import { createSigning } from './signing.js'

/** What an emulator can be made with. */
export interface EmulatorOptions {
  /** Tenants added to the seed; one with the same ID replaces it. */
  readonly tenants?: readonly Tenant[] | undefined
  /** Apps added to the seed; one with the same client ID replaces it. */
  readonly apps?: readonly App[] | undefined
  /** The clock, in ms since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Lifetime of access tokens, in seconds. @default 3599 */
  readonly tokenLifetime?: number | undefined
  /** `refresh_in` of token answers, in seconds; none by default, as Entra does for short-lived tokens. */
  readonly refreshIn?: number | undefined
  /** The key that tokens are signed with; generated at first use by default. */
  readonly signingKey?: CryptoKeyPair | Promise<CryptoKeyPair> | undefined
  /** How many requests the log keeps. @default 1000 */
  readonly maxRequests?: number | undefined
  /** Called when a request has been answered. */
  readonly onRequest?: ((request: RecordedRequest) => void) | undefined
}

/** What to give to a client so that it gets its first token. */
export interface EmulatorDefaults {
  readonly tenantId: string
  readonly domain: string
  readonly clientId: string
  readonly clientSecret: string
  /** The tenant's authority on the public cloud's host, for in-process use. */
  readonly authority: string
  readonly scope: string
}

/** A local Microsoft Entra ID. */
export interface Emulator {
  /** Answers a request as fetch would; can be given to a client as its fetch. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** The requests so far, oldest first, secrets redacted. */
  readonly requests: readonly RecordedRequest[]
  /** Empties the request log. */
  readonly clearRequests: () => void
  /** Tenants and apps; can be extended at any time. */
  readonly directory: Directory
  readonly defaults: EmulatorDefaults
  /** The clock, in ms since the epoch. */
  readonly now: () => number
}

const bodyLimit = 1024 * 1024

/**
 * Creates a local Microsoft Entra ID.
 *
 * @param options Tenants, apps and clock; all optional.
 * @returns The emulator.
 * @throws {TypeError} when an option is wrong.
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const now = options.now ?? Date.now
  const maxRequests = options.maxRequests ?? 1000
  const directory = createDirectory(
    [...seedTenants(), ...(options.tenants ?? [])],
    [...seedApps(), ...(options.apps ?? [])],
  )
  const service: Service = {
    directory,
    signing: createSigning(options.signingKey),
    tokenLifetime: options.tokenLifetime ?? 3599,
    refreshIn: options.refreshIn,
  }
  const route = createRouter(service)
  const requests: RecordedRequest[] = []

  async function answer(request: Request): Promise<Response> {
    const started = performance.now()
    const body = await readBody(request.body, bodyLimit)
    const exchange = readExchange(request, body ?? '', now())
    const entry = recordRequest(request, exchange.form, exchange.now)
    requests.push(entry)
    if (requests.length > maxRequests) requests.shift()
    const response =
      body === undefined
        ? new Response(`The request body is larger than ${bodyLimit} bytes\n`, { status: 413 })
        : request.method === 'OPTIONS'
          ? answerPreflight(request)
          : await route(exchange)
    entry.status = response.status
    entry.durationMs = performance.now() - started
    options.onRequest?.(entry)
    return addResponseHeaders(response, exchange)
  }

  return {
    fetch: async (input, init) => {
      const { request, signal } = readFetchArguments(input, init)
      signal?.throwIfAborted()
      return abortable(answer(request), signal)
    },
    requests,
    clearRequests: () => {
      requests.length = 0
    },
    directory,
    defaults: readDefaults(directory),
    now,
  }
}

function readExchange(request: Request, body: string, now: number): Exchange {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers.get('content-type') ?? '')
  const correlationId = request.headers.get('client-request-id') ?? ''
  return {
    request,
    url: new URL(request.url),
    body,
    form: new URLSearchParams(isForm ? body : ''),
    correlationId: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(correlationId) ? correlationId : crypto.randomUUID(),
    traceId: crypto.randomUUID(),
    now,
  }
}

function readDefaults(directory: Directory): EmulatorDefaults {
  const app = directory.apps.get(defaultClientId)
  const tenant = directory.findTenant(app?.tenantId ?? '')
  if (!app || !tenant) throw new TypeError('Cannot create an emulator: the default app is in no tenant')
  return {
    tenantId: tenant.id,
    domain: tenant.domains[0] ?? tenant.id,
    clientId: app.clientId,
    clientSecret: app.secrets?.[0]?.value ?? defaultClientSecret,
    authority: `https://login.microsoftonline.com/${tenant.id}`,
    scope: 'https://graph.microsoft.com/.default',
  }
}
