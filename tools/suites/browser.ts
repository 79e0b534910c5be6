import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../chromium.ts'
import { check, type Outcome, type Suite } from '../outcome.ts'
import { root } from '../root.ts'
import { run } from '../run.mjs'

/** What is used of Playwright's JSON report. */
interface ReportSuite {
  title: string
  suites?: ReportSuite[]
  specs: { title: string; tests: { status: string; results: { error?: { message?: string } }[] }[] }[]
}

export const browserSuite: Suite = {
  name: 'browser',
  about: 'Playwright in Chromium, on the apps',
  async run() {
    const files = globSync('apps/*/e2e/**/*.test.ts', { cwd: root })
    if (files.length === 0) return []
    let CHROMIUM = ''
    const found = await check('there is a Chromium', async () => {
      CHROMIUM = await findChromium()
    })
    // Nobody knows how many tests are in a file that cannot run: each file counts as one.
    if (found.state !== 'passed') return files.map((name) => ({ ...found, name }))
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-browser-'))
    try {
      const file = join(folder, 'report.json')
      const env = { ...process.env, CHROMIUM, PLAYWRIGHT_JSON_OUTPUT_FILE: file }
      const { code } = await run('pnpm', ['exec', 'playwright', 'test', '--reporter=list,json'], { cwd: root, env })
      const { suites } = JSON.parse(readFileSync(file, 'utf8')) as { suites: ReportSuite[] }
      const outcomes = suites.flatMap((suite) => read(suite, []))
      if (code !== 0 && !outcomes.some(({ state }) => state === 'failed'))
        outcomes.push({ name: 'playwright', state: 'failed', detail: `ended with ${code}; its output above says why` })
      return outcomes
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

function read({ title, suites = [], specs }: ReportSuite, path: string[]): Outcome[] {
  const names = [...path, title]
  const own = specs.flatMap((spec) =>
    spec.tests.map(({ status, results }): Outcome => {
      // A test that passes only when it is tried again is not a passed test.
      const state = status === 'expected' ? 'passed' : status === 'skipped' ? 'skipped' : 'failed'
      const detail =
        state === 'skipped' ? 'its file says so' : results.map(({ error }) => error?.message ?? '').join('\n')
      return { name: [...names, spec.title].join(' > '), state, detail }
    }),
  )
  return [...own, ...suites.flatMap((suite) => read(suite, names))]
}
