import { spawnSync } from 'node:child_process'
import { installDebianPackages } from '../debianPackage.ts'

/** What MSALRuntime is linked with beyond the C library, and the package of Debian 12 and later that brings it. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'libwebkit2gtk-4.1.so.0': 'libwebkit2gtk-4.1-0',
  'libsoup-3.0.so.0': 'libsoup-3.0-0',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libsecret-1.so.0': 'libsecret-1-0',
  'libcurl.so.4': 'libcurl4',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libfido2.so.1': 'libfido2-1',
  'libp11-kit.so.0': 'libp11-kit0',
  'libX11.so.6': 'libx11-6',
  'libuuid.so.1': 'libuuid1',
  'libcrypto.so.3': 'libssl3',
}
const COMMANDS: Readonly<Record<string, string>> = {
  'dbus-daemon': 'dbus-daemon',
  'gnome-keyring-daemon': 'gnome-keyring',
}

/**
 * Says why MSALRuntime and what it talks to cannot run here.
 *
 * @returns The reason and the remedy; nothing where all is there.
 */
export function missingNativeBroker(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'MSALRuntime for Linux is there for x64 only'
  const packages = missingPackages()
  if (packages.length === 0) return undefined
  return `what MSALRuntime stands on is missing: apt-get install ${packages.join(' ')}`
}

/**
 * Installs what is missing, on Debian and its kin as root: about 70 MB to download.
 *
 * @returns When it was tried; `missingNativeBroker` says what came of it.
 */
export async function bringNativeBroker(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return
  const packages = missingPackages()
  if (packages.length > 0) await installDebianPackages('what MSALRuntime stands on', packages)
}

function missingPackages(): string[] {
  const { stdout } = spawnSync('sh', ['-c', 'PATH=$PATH:/sbin:/usr/sbin ldconfig -p'], { encoding: 'utf8' })
  const known = new Set(stdout.split('\n').map((line) => line.trim().split(' ')[0]))
  return [
    ...Object.keys(LIBRARIES).flatMap((name) => (known.has(name) ? [] : [LIBRARIES[name]!])),
    ...Object.keys(COMMANDS).flatMap((name) => (runs(name) ? [] : [COMMANDS[name]!])),
  ]
}

const runs = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0
