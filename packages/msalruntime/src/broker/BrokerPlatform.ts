import type { MsalRuntime, WindowHandle } from '../MsalRuntime.js'
import type { MsalRuntimeProblem } from '../MsalRuntimeProblem.js'
import type { BrokerStatus } from './BrokerStatus.js'

/** What one operating system's broker has of its own. */
export interface BrokerPlatform {
  /** The broker's name in events and errors, such as `Web Account Manager`. */
  readonly name: string
  /** The library that speaks to it. */
  readonly runtime: MsalRuntime
  /**
   * Looks, without loading anything, whether this system can have the broker at all.
   *
   * @returns Why not; `undefined` where it may.
   */
  check(): BrokerStatus | undefined | Promise<BrokerStatus | undefined>
  /**
   * Says more of why the library did not start than the library can.
   *
   * @param problem What the library says.
   * @returns The status to show.
   */
  explain?(problem: MsalRuntimeProblem): BrokerStatus | undefined
  /**
   * Gives the redirect URI that requests name.
   *
   * @param clientId The app.
   * @returns The URI.
   */
  redirectUri(clientId: string): string
  /** Whether silent requests name it, too. */
  readonly namesRedirectUriSilently: boolean
  /**
   * Gives the URIs that the app has to be registered with, for errors.
   *
   * @param clientId The app.
   * @returns The URIs.
   */
  redirectUrisToRegister(clientId: string): readonly string[]
  /**
   * Finds the window for `consoleWindow`.
   *
   * @returns The window.
   */
  consoleWindow(): WindowHandle | Promise<WindowHandle>
}
