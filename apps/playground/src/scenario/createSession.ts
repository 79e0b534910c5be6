import {
  acquireTokenForClient,
  memoryCache,
  removeTokensForClient,
  serializableCache,
  type AuthenticationResult,
  type CacheStore,
  type ConfidentialClient,
} from '@latchkey/core'
import { createClient } from './createClient.js'
import type { KeptCache, KeptCaches } from './KeptCaches.js'
import type { Outcome, RecordedExchange, ShownCache } from './Outcome.js'
import { recordExchanges } from './recordExchanges.js'
import { restoreTokens } from './restoreTokens.js'
import type { Session } from './Session.js'
import type { Settings } from './Settings.js'
import { showCache } from './showCache.js'
import { showError } from './showError.js'
import { showResult } from './showResult.js'

/**
 * Makes a session: one client at a time, which lives as long as its settings stay the same, as a program keeps its client.
 *
 * @param sender Gives what sends the requests of a run.
 * @param keptCaches The caches that outlive a process; none in a page.
 * @returns The session; runs wait for one another.
 */
export function createSession(sender: (settings: Settings) => typeof fetch, keptCaches?: KeptCaches): Session {
  let stores = { memory: memoryCache(), serializable: serializableCache() }
  let httpCache = new Map<string, unknown>()
  let current: { readonly key: string; readonly client: Promise<ConfidentialClient> } | undefined
  let minutesAhead = 0
  let began = 0
  let exchanges: RecordedExchange[] = []
  let last: Promise<unknown> = Promise.resolve()

  const elapsed = (): number => performance.now() - began
  const now = (): number => Date.now() + minutesAhead * 60_000

  function keptOf({ cache }: Settings): KeptCache | undefined {
    if (cache === 'memory' || cache === 'serializable') return undefined
    if (!keptCaches) throw new TypeError(`Cannot use the cache ${cache}: it is there on the server only`)
    return keptCaches.open(cache)
  }

  function storeOf(settings: Settings): CacheStore {
    return keptOf(settings)?.store ?? (settings.cache === 'serializable' ? stores.serializable : stores.memory)
  }

  function clientOf(settings: Settings): Promise<ConfidentialClient> {
    // The clock, the scopes and the number of calls are not the client's.
    const key = JSON.stringify({ ...settings, scopes: [], claims: '', calls: 1, minutesAhead: 0 })
    if (current?.key === key) return current.client
    const fetch = recordExchanges(sender(settings), elapsed, (exchange) => exchanges.push(exchange))
    const client = createClient(settings, { cache: storeOf(settings), httpCache, fetch, now })
    current = { key, client }
    return client
  }

  /** Runs one after the other, so that each has its own requests. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }

  function begin(settings: Settings): void {
    ;({ minutesAhead } = settings)
    exchanges = []
    began = performance.now()
  }

  function end(outcome: Pick<Outcome, 'result' | 'error'> & Partial<Outcome>): Outcome {
    for (const exchange of exchanges)
      if (exchange.durationMs === undefined) {
        exchange.durationMs = elapsed() - exchange.startedAt
        exchange.failure ??= 'given up by the client'
      }
    return { calls: 0, failed: 0, durationMs: elapsed(), inBackground: false, exchanges, ...outcome }
  }

  async function show(settings: Settings): Promise<ShownCache> {
    const persistence = await keptOf(settings)?.verify()
    return { ...(await showCache(storeOf(settings), settings.cache === 'serializable')), persistence }
  }

  async function attempt(settings: Settings, work: () => Promise<unknown>): Promise<Outcome> {
    begin(settings)
    try {
      await work()
      return end({})
    } catch (error) {
      return end({ error: showError(error), failed: 1 })
    }
  }

  async function acquire(settings: Settings, signal: AbortSignal): Promise<Outcome> {
    const { scopes, claims, calls } = settings
    begin(settings)
    const background: Promise<unknown>[] = []
    const one = async (): Promise<AuthenticationResult> =>
      acquireTokenForClient(await clientOf(settings), {
        scopes,
        claims: claims || undefined,
        signal,
        waitUntil: (promise) => background.push(promise),
      })
    const settled = await Promise.allSettled(Array.from({ length: calls }, one))
    const durationMs = elapsed()
    await Promise.all(background)
    const failures = settled.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    const first = settled.find(({ status }) => status === 'fulfilled') as
      | PromiseFulfilledResult<AuthenticationResult>
      | undefined
    return end({
      result: first && showResult(first.value),
      error: failures[0] && showError(failures[0].reason),
      calls,
      failed: failures.length,
      durationMs,
      inBackground: background.length > 0,
    })
  }

  return {
    run: (settings, signal) => inTurn(() => acquire(settings, signal)),
    removeTokens: (settings) =>
      inTurn(() => attempt(settings, async () => removeTokensForClient(await clientOf(settings)))),
    startOver: (settings) =>
      inTurn(() => {
        stores = { memory: memoryCache(), serializable: serializableCache() }
        httpCache = new Map()
        current = undefined
        keptCaches?.remove()
        return show(settings)
      }),
    // Files must not be looked at while they are removed.
    readCache: async (settings) => (keptOf(settings) ? inTurn(() => show(settings)) : show(settings)),
    loadCache: (settings, json) =>
      inTurn(() =>
        attempt(settings, async () => {
          const { serializable } = stores
          serializable.deserialize(restoreTokens(json, (await serializable.get('')) ?? {}))
        }),
      ),
  }
}
