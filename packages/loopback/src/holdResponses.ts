import type { ServerResponse } from 'node:http'
import { sendPage, type Page } from './sendPage.js'

/** Browsers that wait for the end of a sign-in. */
export interface HeldResponses {
  /** Keeps one waiting. */
  hold(response: ServerResponse): void
  /** Says that one was sent to the page that waits, and will ask for it. */
  expectOne(): void
  /** Answers all of them; resolves when they have it. */
  answer(page: Page): Promise<void>
}

/** How long to wait for a browser that was redirected, in ms. */
const REDIRECT_TIMEOUT = 5000

/**
 * Keeps browsers waiting until the sign-in's end is known.
 *
 * @returns The means to.
 */
export function holdResponses(): HeldResponses {
  const held = new Set<ServerResponse>()
  let expecting = false
  let final: Page | undefined
  let arrived = (): void => {}

  return {
    hold(response) {
      expecting = false
      if (final) return void sendPage(response, final)
      held.add(response)
      arrived()
    },
    expectOne() {
      expecting = true
    },
    async answer(page) {
      if (expecting)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, REDIRECT_TIMEOUT)
          arrived = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      final = page
      await Promise.all([...held].map((response) => sendPage(response, page)))
    },
  }
}
