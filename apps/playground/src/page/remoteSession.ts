import type { Session } from '../scenario/Session.js'
import type { Settings } from '../scenario/Settings.js'

/**
 * Makes a session of which every part happens on the page's server; no whole token ever comes from there.
 *
 * @returns The session.
 */
export function remoteSession(): Session {
  return {
    run: (settings, signal) => call('run', { settings }, signal),
    removeTokens: (settings) => call('removeTokens', { settings }),
    startOver: (settings) => call('startOver', { settings: withoutCredential(settings) }),
    readCache: (settings) => call('readCache', { settings: withoutCredential(settings) }),
    loadCache: (settings, json) => call('loadCache', { settings: withoutCredential(settings), json }),
  }
}

function withoutCredential(settings: Settings): Settings {
  return { ...settings, credential: { kind: 'secret', secret: '' } }
}

async function call<T>(
  operation: string,
  body: { settings: Settings; json?: string },
  signal?: AbortSignal,
): Promise<T> {
  const response = await fetch(`/api/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  })
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
