import type { MsalRuntimeProblem } from '../MsalRuntimeProblem.js'

/** A system, as far as it decides which file fits. */
export interface NativeSystem {
  /** As `process.platform` has it. */
  readonly platform: string
  /** As `process.arch` has it. */
  readonly arch: string
  /** The text of `/etc/os-release`; empty where there is none. */
  readonly osRelease: string
}

const folders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  win32: {
    x64: 'windows/x64/msalruntime.dll',
    arm64: 'windows/arm64/msalruntime_arm64.dll',
    ia32: 'windows/x86/msalruntime_x86.dll',
  },
  darwin: {
    x64: 'macos/x64/libmsalruntime_x64.dylib',
    arm64: 'macos/arm64/libmsalruntime_arm64.dylib',
  },
  linux: { x64: 'linux/{distribution}/x64/libmsalruntime.so' },
}

/**
 * Chooses the file of `@azure/msal-node-runtime` that fits a system.
 *
 * @param system The system.
 * @returns Its path below the package's `dist`, or why there is none.
 */
export function libraryFile({ platform, arch, osRelease }: NativeSystem): string | MsalRuntimeProblem {
  const files = folders[platform]
  if (!files) {
    return {
      reason: 'unsupported_system',
      message: `there is no MSALRuntime for ${platform}`,
      nextStep: 'use it on Windows, macOS or Linux',
    }
  }
  const file = files[arch]
  if (!file) {
    return {
      reason: 'wrong_architecture',
      message: `there is no MSALRuntime for ${platform} on ${arch}`,
      nextStep: `run the program with a Node.js for ${Object.keys(files).join(' or ')}`,
    }
  }
  return file.replace('{distribution}', distributionOf(osRelease))
}

/** As Microsoft's own loader chooses. */
function distributionOf(osRelease: string): string {
  const field = (name: string): string => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(osRelease)?.[1] ?? ''
  const isRedHat = /rhel/.test(`${field('ID')} ${field('ID_LIKE')}`)
  return isRedHat ? (parseInt(field('VERSION_ID')) >= 10 ? 'rhel10' : 'rhel8_9') : 'ubuntu'
}
