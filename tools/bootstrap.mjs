// Needs git's checkout, Node 20 and npm, nothing else: brings the pinned pnpm and Node by way of npm, installs, builds, then
// starts the playground or runs the tests. Whatever an interrupted run left behind is repaired by the next.
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { bringFromNpm, nodeBinary, nodePackage } from './npmPackages.mjs'
import { run } from './run.mjs'

const NODE = '24.21.0'
const PNPM = '12.21.0'

const HELP = `node tools/bootstrap.mjs COMMAND [arguments]

  setup   bring pnpm ${PNPM} and Node ${NODE} into .tools/, install the dependencies, build every package
  start   setup, then start the playground                     (npm start)
  test    setup, then run every suite; see --help and --list   (npm test -- --only unit)

Arguments after the command are passed on. Everything is kept inside this folder; to start afresh delete .tools/ and node_modules/.
`

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tools = join(root, '.tools')
const modules = join(tools, 'node_modules')
// Present while pnpm works: who finds it knows that the last installation did not end.
const unfinished = join(tools, 'unfinished')
// pnpm's own package needs its install script to put the native binary in place; the binary's package needs nothing.
const pnpmPackage = `@pnpm/exe.${process.platform}-${process.arch}${nodePackage === undefined ? '-musl' : ''}`
const pnpm = join(modules, pnpmPackage, process.platform === 'win32' ? 'pnpm.exe' : 'pnpm')
const path = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
const env = {
  ...process.env,
  [path]: [dirname(pnpm), join(modules, '.bin'), process.env[path]].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  // A setting of the caller's shell that would leave the development dependencies out.
  NODE_ENV: undefined,
}

const [command, ...rest] = process.argv.slice(2)
if (command === undefined || !['setup', 'start', 'test'].includes(command)) {
  process.stdout.write(HELP)
  process.exit(command === '--help' || command === '-h' ? 0 : 2)
}
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 20) fail(`Node ${process.versions.node} is too old to begin with`, 'Install Node 20 or newer', 1)

await step(`tools: Node ${NODE} and pnpm ${PNPM}`, bringTools)
await step('dependencies, as the lock file has them', install)
await step(
  'build',
  () => run(pnpm, ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'], { cwd: root, env }),
  'Read the compiler errors above',
)
const { code } =
  command === 'setup'
    ? { code: 0 }
    : command === 'start'
      ? await run(pnpm, ['--filter', 'playground', '--fail-if-no-match', 'start', ...rest], { cwd: root, env })
      : await run(join(modules, '.bin', 'node'), [join(root, 'tools', 'test.ts'), ...rest], { cwd: root, env })
process.exit(code)

async function bringTools() {
  if (!(await toolsWork())) {
    if (nodePackage === undefined && major < 24)
      fail('npm has no Node for musl', `Install Node ${NODE} with the system's package manager`, 1)
    const node = nodePackage === undefined ? {} : { [nodePackage]: NODE }
    const brought = await bringFromNpm(tools, { [pnpmPackage]: PNPM, ...node })
    if (brought.code !== 0) return brought
    if (!(await toolsWork())) return { code: 1, output: `What npm put into ${tools} does not run\n` }
  }
  linkPnpm()
  return { code: 0 }
}

/** For people who put .bin on their PATH; what runs here has the binary's own folder there. */
function linkPnpm() {
  const link = join(modules, '.bin', 'pnpm')
  if (process.platform === 'win32' || realpath(link) === realpath(pnpm)) return
  rmSync(link, { force: true })
  symlinkSync(relative(dirname(link), pnpm), link)
}

/** @param {string} file */
function realpath(file) {
  return existsSync(file) ? realpathSync(file) : undefined
}

async function toolsWork() {
  const node = nodePackage === undefined ? undefined : await version(join(modules, nodePackage, nodeBinary))
  return (nodePackage === undefined || node === `v${NODE}`) && (await version(pnpm)) === PNPM
}

/** @param {string} program */
async function version(program) {
  if (!existsSync(program)) return undefined
  const { output } = await run(program, ['--version'], { cwd: tools, capture: true })
  return output.trim()
}

async function install() {
  const repair = existsSync(unfinished)
  if (repair) console.log('  the last installation was interrupted: repairing')
  mkdirSync(tools, { recursive: true })
  writeFileSync(unfinished, '')
  const result = await run(pnpm, ['install', '--frozen-lockfile', '--prod=false', ...(repair ? ['--force'] : [])], {
    cwd: root,
    env,
  })
  if (result.code === 0) rmSync(unfinished)
  return result
}

/**
 * @param {string} what
 * @param {() => Promise<{ code: number, output?: string }>} work
 * @param {string} advice
 */
async function step(what, work, advice = 'Is the npm registry reachable (npm ping)? Then run the same command again') {
  console.log(`▸ ${what}`)
  const started = performance.now()
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1)
  const alive = setInterval(() => console.log(`  … still working after ${seconds()} s`), 15_000)
  const { code, output = '' } = await work()
  clearInterval(alive)
  if (code !== 0) {
    process.stderr.write(output)
    fail(`${what}: failed`, advice, code)
  }
  console.log(`  done in ${seconds()} s`)
}

/**
 * @param {string} what
 * @param {string} advice
 * @param {number} code
 * @returns {never}
 */
function fail(what, advice, code) {
  console.error(`${what}.\n${advice}. (node tools/bootstrap.mjs --help)`)
  process.exit(code)
}
