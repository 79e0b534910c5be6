import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import process from 'node:process'
import { run } from './run.mjs'

const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
const platform = process.platform === 'win32' ? 'win' : process.platform

/** The npm package that carries Node's binary for this machine; musl has none. */
export const nodePackage =
  platform === 'linux' && !header.glibcVersionRuntime ? undefined : `node-${platform}-${process.arch}`

/** Where that package keeps the binary. */
export const nodeBinary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'

/**
 * Puts exactly these npm packages into a folder of their own, in place of what is there. No install script runs.
 *
 * @param {string} folder
 * @param {Record<string, string>} dependencies Package name to exact version.
 * @param {readonly string[]} [options] Further options of npm.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function bringFromNpm(folder, dependencies, options = []) {
  rmSync(`${folder}/node_modules`, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/package.json`, JSON.stringify({ private: true, dependencies }))
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel', 'error', ...options]
  // npm's own limits let an unreachable registry hang for many minutes without a word.
  flags.push(
    '--fetch-timeout',
    '60000',
    '--fetch-retries',
    '2',
    '--fetch-retry-mintimeout',
    '1000',
    '--fetch-retry-maxtimeout',
    '5000',
  )
  const [command, ...first] = npmCommand()
  return run(command, [...first, 'install', '--prefix', folder, ...flags], { cwd: folder, capture: true })
}

/**
 * The npm of the machine. Under `npm start` npm says where its program is, which avoids the shell that Windows needs for npm.cmd.
 *
 * @returns {[string, ...string[]]}
 */
export function npmCommand() {
  const program = process.env.npm_execpath
  if (program !== undefined && /^npm-cli\.[cm]?js$/.test(basename(program))) return [process.execPath, program]
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/c', 'npm'] : ['npm']
}
