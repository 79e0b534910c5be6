import type * as Koffi from 'koffi'

/**
 * Ends the process at once, for when a broker does not answer while the process ends: the library's threads are still at work, and
 * would fall over what an orderly end takes away.
 *
 * @param koffi What calls the system.
 * @param platform As `process.platform` has it.
 */
export function leaveProcess(koffi: typeof Koffi, platform: string): void {
  const code = Number(process.exitCode ?? 0)
  if (platform === 'win32') {
    const kernel = koffi.load('kernel32.dll')
    const self: unknown = kernel.func('__stdcall', 'GetCurrentProcess', 'void *', [])()
    kernel.func('__stdcall', 'TerminateProcess', 'int', ['void *', 'uint32_t'])(self, code)
  } else koffi.load(null).func('_exit', 'void', ['int'])(code)
}
