import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bringFromNpm, nodeBinary, nodePackage } from '../npmPackages.mjs'
import { Skipped } from '../outcome.ts'
import { root } from '../root.ts'
import { run } from '../run.mjs'

/** The lowest version that the packages' `engines` promise. */
const VERSION = '20.19.0'

/**
 * The oldest supported Node, brought by way of npm where it is not here yet.
 *
 * @returns Path of the executable.
 */
export async function findNode20(): Promise<string> {
  if (nodePackage === undefined) throw new Skipped('npm has no Node for musl; run the tests on a glibc system')
  const folder = join(root, '.tools', 'node-20')
  const program = join(folder, 'node_modules', nodePackage, nodeBinary)
  const works = async (): Promise<boolean> =>
    existsSync(program) && (await run(program, ['--version'], { capture: true })).output.trim() === `v${VERSION}`
  if (await works()) return program
  console.log(`  bringing Node ${VERSION} by way of npm`)
  const { output } = await bringFromNpm(folder, { [nodePackage]: VERSION })
  if (await works()) return program
  throw new Error(`Cannot bring Node ${VERSION} by way of npm\n${output}`)
}
