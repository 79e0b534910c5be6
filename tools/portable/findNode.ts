import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bringFromNpm, nodeBinary, nodePackage } from '../npmPackages.mjs'
import { Skipped } from '../outcome.ts'
import { root } from '../root.ts'
import { run } from '../run.mjs'

/**
 * A version of Node, brought by way of npm where it is not here yet.
 *
 * @param version Such as `22.23.3`; one of each major version is kept.
 * @returns Path of the executable.
 */
export async function findNode(version: string): Promise<string> {
  if (nodePackage === undefined) throw new Skipped('npm has no Node for musl; run the tests on a glibc system')
  const folder = join(root, '.tools', `node-${version.split('.')[0]}`)
  const program = join(folder, 'node_modules', nodePackage, nodeBinary)
  const works = async (): Promise<boolean> =>
    existsSync(program) && (await run(program, ['--version'], { capture: true })).output.trim() === `v${version}`
  if (await works()) return program
  console.log(`  bringing Node ${version} by way of npm`)
  const { output } = await bringFromNpm(folder, { [nodePackage]: version })
  if (await works()) return program
  throw new Error(`Cannot bring Node ${version} by way of npm\n${output}`)
}
