import type { App } from './App.js'
import { abortable } from './abortable.js'
import { addResponseHeaders } from './addResponseHeaders.js'
import { answerPreflight } from './answerPreflight.js'
import { applyFault } from './applyFault.js'
import { createFaults, type Faults } from './createFaults.js'
import { readDefaults, type EmulatorDefaults } from './defaults.js'
import { createDirectory, type Directory } from './directory.js'
import type { Exchange, Service } from './Exchange.js'
import { readFetchArguments } from './fetchArguments.js'
import { followRedirects, type Answer } from './followRedirects.js'
import type { ManagedIdentity } from './ManagedIdentity.js'
import { createMemory } from './memory.js'
import { createPeople, type People } from './people.js'
import { canSeeOrigin, readExchange } from './readExchange.js'
import { readBody } from './readBody.js'
import { recordRequest, type RecordedRequest } from './requestLog.js'
import { createRouter } from './router.js'
import { control } from './routes/control.js'
import { seedApps, seedManagedIdentities, seedTenants, seedUsers } from './seed.js'
import { createSigning } from './signing.js'
import type { Tenant } from './Tenant.js'
import type { User } from './User.js'

/** What an emulator can be made with. */
export interface EmulatorOptions {
  /** Tenants added to the seed; one with the same ID replaces it. */
  readonly tenants?: readonly Tenant[] | undefined
  /** Apps added to the seed; one with the same client ID replaces it. */
  readonly apps?: readonly App[] | undefined
  /** Users added to the seed; one with the same object ID replaces it. */
  readonly users?: readonly User[] | undefined
  /** The clock, in ms since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Lifetime of access tokens, in seconds. @default 3599 */
  readonly tokenLifetime?: number | undefined
  /** `refresh_in` of token answers, in seconds; none by default, as Entra does for short-lived tokens. */
  readonly refreshIn?: number | undefined
  /** Lifetime of refresh tokens, in seconds; those of single-page apps always live for a day. @default 90 days */
  readonly refreshTokenLifetime?: number | undefined
  /**
   * What a refresh does: `keep` answers a new refresh token and the old one works on, as Entra does; with `revoke` the old
   * one stops working; `off` answers none. @default 'keep'
   */
  readonly refreshTokenRotation?: 'keep' | 'revoke' | 'off' | undefined
  /** Lifetime of device codes, in seconds. @default 900 */
  readonly deviceCodeLifetime?: number | undefined
  /** What devices are told to wait between two polls, in seconds. @default 5 */
  readonly deviceCodeInterval?: number | undefined
  /** Whether a device that polls faster is answered `slow_down`. @default false */
  readonly slowDown?: boolean | undefined
  /** Whether every DPoP proof and signed HTTP request must carry a nonce of this server. @default false */
  readonly proofNonces?: boolean | undefined
  /** Whether pages send `Cross-Origin-Opener-Policy: same-origin`, as some identity providers do. @default false */
  readonly coop?: boolean | undefined
  /** The folder that the challenges of Azure Arc's agent name. @default '/var/opt/azcmagent/tokens' */
  readonly arcKeyFolder?: string | undefined
  /** Writes a key file of Azure Arc's agent; `arcKeys` has them in any case. */
  readonly writeArcKey?: ((path: string, key: string) => void | Promise<void>) | undefined
  /** Whether Azure Arc's agent knows user-assigned identities; older ones pass over them. @default false */
  readonly arcUserAssigned?: boolean | undefined
  /** Managed identities added to the seed; one with the same client ID replaces it. */
  readonly managedIdentities?: readonly ManagedIdentity[] | undefined
  /** The key that tokens are signed with; generated at first use by default. */
  readonly signingKey?: CryptoKeyPair | Promise<CryptoKeyPair> | undefined
  /** How many requests the log keeps. @default 1000 */
  readonly maxRequests?: number | undefined
  /** Called when a request has been answered. */
  readonly onRequest?: ((request: RecordedRequest) => void) | undefined
}

/** A local Microsoft Entra ID. */
export interface Emulator extends People {
  /** Answers a request as fetch would; can be given to a client as its fetch. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** The requests so far, oldest first, secrets redacted. */
  readonly requests: readonly RecordedRequest[]
  /** Empties the request log. */
  readonly clearRequests: () => void
  /** The fault switch. */
  readonly faults: Faults
  /** Tenants, apps and users; can be extended at any time. */
  readonly directory: Directory
  /** What a client needs for its first token: an app, a user, an authority, scopes. */
  readonly defaults: EmulatorDefaults
  /** The key files of Azure Arc's agent, by path, until each was used. */
  readonly arcKeys: ReadonlyMap<string, string>
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
  const tokenLifetime = options.tokenLifetime ?? 3599
  const { refreshTokenLifetime = 90 * 24 * 60 * 60, refreshTokenRotation = 'keep' } = options
  const { deviceCodeLifetime = 900, deviceCodeInterval = 5 } = options
  const seconds = { tokenLifetime, refreshTokenLifetime, deviceCodeLifetime, deviceCodeInterval }
  for (const [name, value] of Object.entries(seconds))
    if (!(value > 0)) throw new TypeError(`Cannot create an emulator: ${name} must be above 0 seconds`)
  if (!['keep', 'revoke', 'off'].includes(refreshTokenRotation))
    throw new TypeError('Cannot create an emulator: refreshTokenRotation must be keep, revoke or off')
  const directory = createDirectory(
    [...seedTenants(), ...(options.tenants ?? [])],
    [...seedApps(), ...(options.apps ?? [])],
    [...seedUsers(), ...(options.users ?? [])],
    [...seedManagedIdentities(), ...(options.managedIdentities ?? [])],
  )
  const service: Service = {
    directory,
    signing: createSigning(options.signingKey),
    memory: createMemory(),
    arcKeyFolder: options.arcKeyFolder ?? '/var/opt/azcmagent/tokens',
    writeArcKey: options.writeArcKey,
    arcUserAssigned: options.arcUserAssigned ?? false,
    ...seconds,
    refreshIn: options.refreshIn,
    refreshTokenRotation,
    slowDown: options.slowDown ?? false,
    proofNonces: options.proofNonces ?? false,
    coop: options.coop ?? false,
  }
  const route = createRouter(service)
  const faults = createFaults()
  const requests: RecordedRequest[] = []
  const showsOrigin = canSeeOrigin()
  const controlled = {
    ...createPeople(service, now),
    directory,
    defaults: readDefaults(directory),
    faults,
    requests,
    clearRequests: () => {
      requests.length = 0
    },
  }

  async function send(request: Request, signal: AbortSignal | undefined): Promise<Answer> {
    const started = performance.now()
    // Before the body: once that is read, Bun has forgotten the type that it implied.
    const contentType = request.headers.get('content-type') ?? ''
    // Firefox has no streams in requests.
    const stream = 'body' in request ? request.body : (await (request as Request).blob()).stream()
    const body = await readBody(stream, bodyLimit)
    const exchange = readExchange(request, { contentType, body: body ?? '', now: now(), showsOrigin })
    if (body !== undefined && isControl(exchange.url))
      return { response: await control(controlled, exchange), body: exchange.body }
    const entry = recordRequest(request, exchange.form, exchange.now)
    requests.push(entry)
    if (requests.length > maxRequests) requests.shift()
    try {
      const response =
        body === undefined ? addResponseHeaders(tooLarge(), exchange) : await answer(exchange, entry, signal)
      entry.status = response.status
      return { response, body: exchange.body }
    } catch (error) {
      entry.status = 0
      throw error
    } finally {
      entry.durationMs = performance.now() - started
      options.onRequest?.(entry)
    }
  }

  async function answer(
    exchange: Exchange,
    entry: RecordedRequest,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { request } = exchange
    if (request.method === 'OPTIONS') return addResponseHeaders(answerPreflight(request), exchange)
    const fault = faults.take(request, exchange.form)
    if (!fault) return addResponseHeaders(await route(exchange), exchange)
    entry.fault = fault.kind ?? 'status'
    const skewed = fault.kind === 'clock-skew' ? { ...exchange, now: exchange.now + fault.seconds * 1000 } : exchange
    return addResponseHeaders(await applyFault(fault, skewed, signal, () => route(skewed)), skewed)
  }

  return {
    ...controlled,
    fetch: async (input, init) => {
      const { request, signal, redirect } = readFetchArguments(input, init)
      signal?.throwIfAborted()
      return abortable(
        followRedirects(request, redirect, (next) => send(next, signal)),
        signal,
      )
    },
    arcKeys: service.memory.arcKeys,
    now,
  }
}

function isControl(url: URL): boolean {
  return url.pathname === '/.emulator' || url.pathname.startsWith('/.emulator/')
}

function tooLarge(): Response {
  return new Response(`The request body is larger than ${bodyLimit} bytes\n`, { status: 413 })
}
