import { createBroker, type BrokerOptions, type MsalRuntimeOptions, type NativeBroker } from '@latchkey/msalruntime'
import { linuxPlatform } from './linuxPlatform.js'
import { thisSystem, type LinuxSystem } from './LinuxSystem.js'

/** What {@link linuxBroker} takes. */
export interface LinuxBrokerOptions extends BrokerOptions, MsalRuntimeOptions {}

/**
 * Makes Microsoft's identity broker for Linux usable, which Intune's portal installs; in WSL it is that of Windows. Where there is
 * none the sign-in goes on without it. Nothing is loaded before it is first asked.
 *
 * @param options When it is to be used, and where the native library is.
 * @returns The broker, for `createPublicClient`.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://learn.microsoft.com/entra/msal/python/advanced/linux-broker-py Using MSAL with an authentication broker on Linux}
 */
export function linuxBroker(options: LinuxBrokerOptions = {}): NativeBroker {
  return linuxBrokerOn(thisSystem(), options)
}

/**
 * Makes it for a machine.
 *
 * @param system The machine.
 * @param options As {@link linuxBroker} takes them.
 * @returns The broker.
 */
export function linuxBrokerOn(system: LinuxSystem, options: LinuxBrokerOptions): NativeBroker {
  return createBroker(linuxPlatform(system, options), options)
}
