import { createBroker, type BrokerOptions, type MsalRuntimeOptions, type NativeBroker } from '@latchkey/msalruntime'
import { windowsPlatform } from './windowsPlatform.js'
import { thisSystem, type WindowsSystem } from './WindowsSystem.js'

/** What {@link windowsBroker} takes. */
export interface WindowsBrokerOptions extends BrokerOptions, MsalRuntimeOptions {}

/**
 * Makes Windows' own sign-in usable: Web Account Manager, on Windows 10 and Windows Server 2019 or later, and from WSL. Elsewhere the
 * sign-in goes on without it. Nothing is loaded before it is first asked.
 *
 * @param options When it is to be used, and where the native library is.
 * @returns The broker, for `createPublicClient`.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://learn.microsoft.com/entra/msal/python/advanced/wam Using MSAL with Web Account Manager}
 */
export function windowsBroker(options: WindowsBrokerOptions = {}): NativeBroker {
  return windowsBrokerOn(thisSystem(), options)
}

/**
 * Makes it for a machine.
 *
 * @param system The machine.
 * @param options As {@link windowsBroker} takes them.
 * @returns The broker.
 */
export function windowsBrokerOn(system: WindowsSystem, options: WindowsBrokerOptions): NativeBroker {
  return createBroker(windowsPlatform(system, options), options)
}
