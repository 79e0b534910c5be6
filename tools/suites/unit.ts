import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { findChromium } from '../chromium.ts'
import { installDebianPackages } from '../debianPackage.ts'
import { findFirefox } from '../firefox.ts'
import { bringNativeBroker } from '../nativeBroker/missingNativeBroker.ts'
import { Skipped, type Outcome, type Suite } from '../outcome.ts'
import { findRedis } from '../redis.ts'
import { root } from '../root.ts'
import { run } from '../run.mjs'
import { findWebKit } from '../webKit.ts'

/** What is used of Vitest's JSON report. */
interface Report {
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

export const unitSuite: Suite = {
  name: 'unit',
  about: 'vitest on the sources, on Node 24',
  async run() {
    await bringOthers()
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-unit-'))
    try {
      const file = join(folder, 'report.json')
      const args = ['--passWithNoTests', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
      const { code } = await run('pnpm', ['exec', 'vitest', 'run', ...args], { cwd: root })
      const outcomes = read(file)
      // An error outside of any test, an unhandled rejection for one, shows in the exit code only.
      if (code !== 0 && !outcomes.some(({ state }) => state === 'failed'))
        outcomes.push({ name: 'vitest', state: 'failed', detail: `ended with ${code}; its output above says why` })
      return outcomes
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** What the tests meet that is not ours, and comes as packages of the system: the commands that show whether it is there. */
const OTHERS: [what: string, shown: [command: string, ...args: string[]], packages: string[]][] = [
  ['a keyring', ['gnome-keyring-daemon', '--version'], ['gnome-keyring', 'dbus-daemon', 'dbus-bin', 'libsecret-1-0']],
  ['MSAL Python', ['/usr/bin/python3', '-W', 'ignore', '-c', 'import msal_extensions'], ['python3-msal-extensions']],
  [
    'libsecret for Python',
    ['/usr/bin/python3', '-c', 'import gi; gi.require_version("Secret", "1")'],
    ['python3-gi', 'gir1.2-secret-1'],
  ],
  ['a C compiler', ['gcc', '--version'], ['gcc', 'libc6-dev']],
]

async function bringOthers(): Promise<void> {
  if (process.platform !== 'linux') return
  for (const [what, [command, ...args], packages] of OTHERS) {
    const { code } = await run(command, args, { capture: true })
    if (code !== 0) await installDebianPackages(what, packages)
  }
  await bringNativeBroker()
  // Before the tests, which run at once, and packages are installed one after the other. The tests themselves say what is missing.
  for (const find of [findRedis, findChromium, findFirefox, findWebKit])
    await find().catch((error: unknown) => {
      if (!(error instanceof Skipped)) throw error
    })
}

function read(file: string): Outcome[] {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const path = relative(root, name)
    // A file that does not load has no tests to report.
    if (assertionResults.length === 0 && status === 'failed') return [{ name: path, state: 'failed', detail: message }]
    return assertionResults.map((test): Outcome => {
      const state = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped'
      const detail = state === 'skipped' ? 'its file says so' : test.failureMessages.join('\n')
      return { name: `${path} > ${test.fullName}`, state, detail }
    })
  })
}
