import { AuthError } from '@latchkey/core'
import type { LoopbackOptions } from './LoopbackOptions.js'
import { openSystemBrowser } from './openSystemBrowser.js'

/**
 * Opens the browser, or sees to it that the person learns where to go.
 *
 * @param url The page.
 * @param options Who opens it, and who is told where that fails.
 * @param signal The sign-in's signal.
 * @param over Is aborted when nothing is waited for any more.
 * @returns When there is no more to do; a browser may run on.
 * @throws {AuthError} `missing_dependency` when there is no browser and nobody to tell.
 */
export async function launchBrowser(
  url: string,
  { openBrowser, authUriCallback, env }: LoopbackOptions,
  signal: AbortSignal,
  over: AbortSignal,
): Promise<void> {
  try {
    await (openBrowser ? openBrowser(url, { signal }) : openSystemBrowser(url, over, env))
  } catch (cause) {
    if (over.aborted) return
    if (!authUriCallback)
      throw new AuthError(
        'missing_dependency',
        'Cannot open a browser: set BROWSER, show the address with authUriCallback, or use the device flow',
        { cause },
      )
    await authUriCallback(url)
  }
}
