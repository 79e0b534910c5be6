import {
  createMsalRuntime,
  redirectUriFor,
  type BrokerPlatform,
  type BrokerStatus,
  type MsalRuntimeOptions,
  type MsalRuntimeProblem,
} from '@latchkey/msalruntime'
import { findRootWindow } from './findRootWindow.js'
import type { LinuxSystem } from './LinuxSystem.js'

/**
 * Says what Linux has of its own.
 *
 * @param system The machine.
 * @param options Where the native library is.
 * @returns The parts that a broker is made of.
 */
export function linuxPlatform(system: LinuxSystem, options: MsalRuntimeOptions): BrokerPlatform {
  const redirectUri = (clientId: string): string => redirectUriFor('linux', { clientId })
  return {
    name: 'Microsoft identity broker',
    runtime: createMsalRuntime(options),
    check: () => check(system),
    explain: (problem) => explain(system, problem),
    redirectUri,
    namesRedirectUriSilently: true,
    redirectUrisToRegister: (clientId) => [
      redirectUri(clientId),
      ...(isWsl(system) ? [redirectUriFor('windows', { clientId })] : []),
    ],
    consoleWindow: () => findRootWindow(system),
  }
}

function check({ platform, arch }: LinuxSystem): BrokerStatus | undefined {
  if (platform !== 'linux')
    return {
      state: 'other_system',
      message: `The identity broker is for Linux, and this is ${platform}`,
      nextStep: 'Use windowsBroker() or macBroker() there, or none',
    }
  if (arch === 'x64') return undefined
  return {
    state: 'wrong_architecture',
    message: `Microsoft's identity broker for Linux is there for x64, and this is ${arch}`,
    nextStep: 'Sign in without it: with loopback() or the device flow',
  }
}

function explain(system: LinuxSystem, { reason }: MsalRuntimeProblem): BrokerStatus | undefined {
  if (reason !== 'start_failed') return undefined
  if (isWsl(system))
    return {
      state: 'not_installed',
      message: 'Web Account Manager, which is the broker in WSL, does not answer',
      nextStep: 'Let WSL start programs of Windows ("interop" in /etc/wsl.conf), and update WSL with "wsl --update"',
    }
  if (!hasSessionBus(system))
    return {
      state: 'start_error',
      message: 'There is no D-Bus session bus, over which the identity broker is reached',
      nextStep: 'Run the program in a desktop session, where DBUS_SESSION_BUS_ADDRESS is set',
    }
  return {
    state: 'not_installed',
    message: 'The identity broker does not answer on the D-Bus session bus',
    nextStep:
      "Install Microsoft's package microsoft-identity-broker (intune-portal brings it), and sign in to the device",
  }
}

/** Linux inside Windows, whose broker it has. */
const isWsl = ({ release }: LinuxSystem): boolean => /microsoft/i.test(release)

/** Where systemd runs the session, its bus is found without the variable. */
function hasSessionBus({ env, exists }: LinuxSystem): boolean {
  if (env['DBUS_SESSION_BUS_ADDRESS']) return true
  return Boolean(env['XDG_RUNTIME_DIR'] && exists(`${env['XDG_RUNTIME_DIR']}/bus`))
}
