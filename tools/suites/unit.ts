import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Outcome, Suite } from '../outcome.ts'
import { root } from '../root.ts'
import { run } from '../run.mjs'

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
