import { existsSync } from 'node:fs'
import process from 'node:process'
import { run } from './run.mjs'

/** Whether packages can be installed here: Debian or its kin, as root. */
export const canInstall = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version')

/**
 * Installs packages of Debian, where that can be done; says so. A failure is not the end: who needs them looks again, and skips
 * with a reason.
 *
 * @param what What they are for.
 * @param packages Their names.
 */
export async function installDebianPackages(what: string, packages: readonly string[]): Promise<void> {
  if (!canInstall()) return
  console.log(`  installing ${what} (apt-get install ${packages.join(' ')})`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env, capture: true })
  // Somebody else may be installing something, too.
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wait, ...packages], {
    env,
    capture: true,
  })
}
