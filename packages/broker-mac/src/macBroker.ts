import { expect } from '@latchkey/core/internal'
import { createBroker, type BrokerOptions, type MsalRuntimeOptions, type NativeBroker } from '@latchkey/msalruntime'
import { macPlatform } from './macPlatform.js'
import { thisSystem, type MacSystem } from './MacSystem.js'

const BUNDLE_ID = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/

/** What {@link macBroker} takes. */
export interface MacBrokerOptions extends BrokerOptions, MsalRuntimeOptions {
  /** The bundle id of a signed app, such as `com.example.app`; programs that Node runs have none. */
  readonly bundleId?: string | undefined
}

/**
 * Makes Company Portal's sign-in usable on a Mac that it manages. Where there is none the sign-in goes on without it. Nothing is loaded
 * before it is first asked.
 *
 * @param options When it is to be used, the app's bundle, and where the native library is.
 * @returns The broker, for `createPublicClient`.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://learn.microsoft.com/entra/msal/python/advanced/macos-broker Using MSAL with an authentication broker on macOS}
 */
export function macBroker(options: MacBrokerOptions = {}): NativeBroker {
  return macBrokerOn(thisSystem(), options)
}

/**
 * Makes it for a machine.
 *
 * @param system The machine.
 * @param options As {@link macBroker} takes them.
 * @returns The broker.
 */
export function macBrokerOn(system: MacSystem, options: MacBrokerOptions): NativeBroker {
  const { bundleId } = options ?? {}
  const named = bundleId === undefined || (typeof bundleId === 'string' && BUNDLE_ID.test(bundleId))
  expect(named, 'bundleId', 'a bundle id such as com.example.app')
  return createBroker(macPlatform(system, options), options)
}
