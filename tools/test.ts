import { parseArgs } from 'node:util'
import { excerpt, type Outcome } from './outcome.ts'
import { wasInterrupted } from './run.mjs'
import { browserSuite } from './suites/browser.ts'
import { gateSuite } from './suites/gates.ts'
import { lintSuite } from './suites/lint.ts'
import { runtimeSuite } from './suites/runtimes.ts'
import { typecheckSuite } from './suites/typecheck.ts'
import { unitSuite } from './suites/unit.ts'
import { wineSuite } from './suites/wine.ts'

const suites = [lintSuite, typecheckSuite, unitSuite, wineSuite, runtimeSuite, gateSuite, browserSuite]

const HELP = `npm test -- [options]          (in a prepared checkout: node tools/test.ts [options])

  --only NAME   run this suite only; can be given more than once
  --list        say what the suites are, and stop
  --update      write the snapshots and the sizes in the READMEs anew instead of comparing them
  --verbose     print the weight of every module in the bundle scenarios

Every suite runs even if one fails. The last line counts the tests: N passed, N failed, N skipped.
The exit code is 0 when none failed and at least one passed.
`

const { help, list, only, update, verbose } = readOptions()
if (help) {
  process.stdout.write(HELP)
  process.exit()
}
if (list) {
  for (const { name, about } of suites) console.log(`${name.padEnd(10)} ${about}`)
  process.exit()
}

const outcomes: Outcome[] = []
for (const suite of suites) {
  if (wasInterrupted()) process.exit(130)
  if (only.length > 0 && !only.includes(suite.name)) continue
  console.log(`\n▸ ${suite.name}: ${suite.about}`)
  const started = performance.now()
  const results = await suite
    .run({ update, verbose })
    // A suite that breaks is a failure, and no reason to leave the others out.
    .catch((error: Error): Outcome[] => [{ name: 'the suite itself', state: 'failed', detail: error.stack }])
  outcomes.push(...results.map((outcome) => ({ ...outcome, name: `${suite.name}: ${outcome.name}` })))
  console.log(`  ${count(results)} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}
if (wasInterrupted()) process.exit(130)

for (const state of ['skipped', 'failed'] as const) {
  const those = outcomes.filter((outcome) => outcome.state === state)
  if (those.length > 0) console.log(`\n${state}:`)
  for (const { name, detail } of those) console.log(`  ${name}${detail ? `\n${excerpt(detail, 12)}` : ''}`)
}
console.log(`\n${count(outcomes)}`)
process.exitCode = amount(outcomes, 'failed') === 0 && amount(outcomes, 'passed') > 0 ? 0 : 1

function amount(list: readonly Outcome[], state: Outcome['state']): number {
  return list.filter((outcome) => outcome.state === state).length
}

function count(list: readonly Outcome[]): string {
  return (['passed', 'failed', 'skipped'] as const).map((state) => `${amount(list, state)} ${state}`).join(', ')
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        list: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        update: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    })
    const unknown = values.only.find((name) => !suites.some((suite) => suite.name === name))
    if (unknown !== undefined) throw new TypeError(`There is no suite ${unknown}: see --list`)
    return values
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}
