import type { BrokerOptions } from './BrokerOptions.js'
import type { BrokerPlatform } from './BrokerPlatform.js'
import type { NativeBroker } from './NativeBroker.js'

/**
 * Makes a broker of what an operating system has of its own: when it is asked and when not, what it is asked, what becomes of the
 * answer.
 *
 * @param platform The operating system's own.
 * @param options The app's wishes.
 * @returns The broker.
 * @throws {TypeError} when an option is wrong.
 */
export function createBroker(platform: BrokerPlatform, options: BrokerOptions = {}): NativeBroker {
  throw new Error(`not yet: ${platform.name} ${options.policy}`)
}
