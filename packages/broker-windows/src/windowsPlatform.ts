import {
  createMsalRuntime,
  redirectUriFor,
  type BrokerPlatform,
  type BrokerStatus,
  type MsalRuntimeOptions,
} from '@latchkey/msalruntime'
import { findConsoleWindow } from './findConsoleWindow.js'
import { isWsl, type WindowsSystem } from './WindowsSystem.js'

/** The first build of Windows Server 2019. */
const SERVER_2019 = 17763

/**
 * Says what Windows has of its own.
 *
 * @param system The machine.
 * @param options Where the native library is.
 * @returns The parts that a broker is made of.
 */
export function windowsPlatform(system: WindowsSystem, options: MsalRuntimeOptions): BrokerPlatform {
  return {
    name: 'Web Account Manager',
    runtime: createMsalRuntime(options),
    check: () => check(system),
    explain({ reason, message }) {
      if (reason === 'start_failed' && isWsl(system))
        return {
          state: 'not_installed',
          message: `${message}: Windows does not answer`,
          nextStep:
            'Let WSL start programs of Windows ("interop" in /etc/wsl.conf), and update WSL with "wsl --update"',
        }
      // An x64 program on such a machine loads everything, and then the broker does not know it.
      if (reason !== 'start_failed' || system.arch === 'arm64' || !isArm(system)) return undefined
      return {
        state: 'wrong_architecture',
        message,
        nextStep: `Run the arm64 build of this program, not ${system.arch}`,
      }
    },
    // Web Account Manager goes by the registered one; the parameter must only be there.
    redirectUri: (clientId) => redirectUriFor('linux', { clientId }),
    namesRedirectUriSilently: isWsl(system),
    redirectUrisToRegister: (clientId) => [redirectUriFor('windows', { clientId })],
    consoleWindow: () => (isWsl(system) ? 1n : findConsoleWindow(system)),
  }
}

const isArm = ({ env }: WindowsSystem): boolean => (env['PROCESSOR_IDENTIFIER'] ?? '').startsWith('ARM')

function check(system: WindowsSystem): BrokerStatus | undefined {
  const { platform, release, version, arch } = system
  if (isWsl(system)) {
    if (arch === 'x64') return undefined
    return {
      state: 'wrong_architecture',
      message: `In WSL the broker is there for x64, and this is ${arch}`,
      nextStep: 'Run the program in Windows itself',
    }
  }
  if (platform !== 'win32')
    return {
      state: 'other_system',
      message: `Web Account Manager is a part of Windows, and this is ${platform}`,
      nextStep: 'Use linuxBroker() or macBroker() there, or none',
    }
  const [major = 0, , build = 0] = release.split('.').map(Number)
  if (major >= 10 && !(version.includes('Server') && build < SERVER_2019)) return undefined
  return {
    state: 'not_installed',
    message: `${version} (${release}) has no Web Account Manager for programs`,
    nextStep: 'It comes with Windows 10 and Windows Server 2019',
  }
}
