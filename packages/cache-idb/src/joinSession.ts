import { clear, get, set, type UseStore } from 'idb-keyval'
import { degradation } from './cacheError.js'
import type { Platform } from './platform.js'

const NAME = 'session'

/**
 * Joins the browser's session of this site, or begins one: then all that is left of the last is deleted.
 *
 * A session lasts while a tab or worker holds a lock that the browser takes from it when it ends; a tab that is reloaded, or comes back
 * from signing in elsewhere, knows its session by the tab's own storage.
 *
 * @param use The database.
 * @param platform The browser.
 * @param name The database's name.
 * @throws {AuthError} `cache_locked` where the browser cannot tell.
 */
export async function joinSession(use: UseStore, platform: Platform, name: string): Promise<void> {
  const { locks, sessionStorage } = platform
  if (!locks) throw degradation('session_unavailable')
  const lasting = `latchkey-session ${name}`
  await locks.request(`latchkey-session-start ${name}`, async () => {
    const id = await get<unknown>(NAME, use)
    const { held = [] } = await locks.query()
    const lasts =
      typeof id === 'string' && (held.some((lock) => lock.name === lasting) || sessionStorage?.getItem(lasting) === id)
    if (!lasts && !sessionStorage) throw degradation('session_unavailable')
    const current = lasts ? id : crypto.getRandomValues(new Uint8Array(16)).join()
    if (!lasts) {
      await clear(use)
      await set(NAME, current, use)
    }
    sessionStorage?.setItem(lasting, current)
    // For as long as this page or worker lives.
    await new Promise<void>((resolve) => {
      void locks.request(lasting, { mode: 'shared' }, () => {
        resolve()
        return new Promise(() => {})
      })
    })
  })
}

/**
 * Deletes what a session left, so that it does not outlast it.
 *
 * @param use The database.
 */
export async function endSession(use: UseStore): Promise<void> {
  if ((await get(NAME, use)) !== undefined) await clear(use)
}
