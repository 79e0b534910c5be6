import {
  createMsalRuntime,
  redirectUriFor,
  type BrokerPlatform,
  type BrokerStatus,
  type MsalRuntimeOptions,
} from '@latchkey/msalruntime'
import type { MacSystem } from './MacSystem.js'
import { servingRunLoop } from './servingRunLoop.js'

const COMPANY_PORTAL = '/Applications/Company Portal.app'
/** The kernel of macOS 12, the first that the native library runs on. */
const MACOS_12 = 21

/**
 * Says what macOS has of its own.
 *
 * @param system The machine.
 * @param options Where the native library is, and the app's bundle.
 * @returns The parts that a broker is made of.
 */
export function macPlatform(
  system: MacSystem,
  options: MsalRuntimeOptions & { readonly bundleId?: string | undefined },
): BrokerPlatform {
  const redirectUri = (clientId: string): string => redirectUriFor('mac', { clientId, bundleId: options.bundleId })
  return {
    name: 'Company Portal',
    runtime: servingRunLoop(createMsalRuntime(options), system),
    check: () => check(system),
    redirectUri,
    namesRedirectUriSilently: true,
    redirectUrisToRegister: (clientId) => [redirectUri(clientId)],
    // macOS puts the window in front by itself; the number must only not be 0.
    consoleWindow: () => 1n,
  }
}

function check({ platform, release, isMainThread, exists }: MacSystem): BrokerStatus | undefined {
  if (platform !== 'darwin')
    return {
      state: 'other_system',
      message: `Company Portal is a broker for macOS, and this is ${platform}`,
      nextStep: 'Use windowsBroker() or linuxBroker() there, or none',
    }
  if (Number.parseInt(release, 10) < MACOS_12)
    return { state: 'not_installed', message: 'The broker runs on macOS 12 and later', nextStep: 'Update macOS' }
  if (!isMainThread)
    return {
      state: 'start_error',
      message: 'macOS lets the main thread only show windows, and this is a worker',
      nextStep: 'Use the broker on the main thread',
    }
  if (exists(COMPANY_PORTAL)) return undefined
  return {
    state: 'not_installed',
    message: `There is no ${COMPANY_PORTAL}`,
    nextStep: 'Install Company Portal and enrol this Mac with it',
  }
}
