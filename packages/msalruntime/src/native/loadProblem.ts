import type { MsalRuntimeProblem } from '../MsalRuntimeProblem.js'
import type { NativeSystem } from './libraryFile.js'

/** The packages of Debian and Ubuntu that bring everything that the library is linked with. */
const debianPackages = 'libwebkit2gtk-4.1-0 libsecret-1-0 libfido2-1 libcurl4'

/**
 * Says why a library did not load.
 *
 * @param path The library.
 * @param cause What the loader said.
 * @param system Where.
 * @returns The problem, with what to do about it.
 */
export function loadProblem(
  path: string,
  cause: unknown,
  { platform, arch, osRelease }: NativeSystem,
): MsalRuntimeProblem {
  const said = cause instanceof Error ? cause.message : String(cause)
  const missing = /([\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(said)?.[1]
  if (missing && !path.endsWith(missing)) {
    const usesDnf = /^ID(_LIKE)?=.*\b(rhel|fedora|centos)\b/m.test(osRelease)
    const install = usesDnf ? `dnf install '${missing}()(64bit)'` : `apt-get install ${debianPackages}`
    return {
      reason: 'library_missing',
      message: `MSALRuntime needs the system library ${missing}, which is not installed`,
      nextStep: `run "${install}"`,
      cause,
    }
  }
  if (/wrong ELF class|incompatible architecture|not a valid Win32|cannot open shared object file: Exec/i.test(said)) {
    return {
      reason: 'wrong_architecture',
      message: `${path} is not for ${platform} on ${arch}`,
      nextStep: 'run the program with a Node.js for the architecture of the library',
      cause,
    }
  }
  if (/version .*(GLIBC|CXXABI|OPENSSL)/.test(said)) {
    return {
      reason: 'unsupported_system',
      message: 'MSALRuntime needs a newer system than this one',
      nextStep: 'use Ubuntu 22.04, Debian 12, Red Hat Enterprise Linux 8 or something newer',
      cause,
    }
  }
  return {
    reason: 'library_missing',
    message: `the library ${path} does not load`,
    nextStep:
      platform === 'win32'
        ? 'check that the file is there and that Windows is 10, Server 2019 or newer'
        : 'check that the file is there and is MSALRuntime',
    cause,
  }
}
