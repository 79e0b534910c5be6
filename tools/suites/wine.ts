import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { msalRuntimeFile } from '../nativeBroker/msalRuntimeFile.ts'
import { check, type Outcome, type Suite } from '../outcome.ts'
import { MARK } from '../portable/bundle.ts'
import type { TestResult } from '../portable/vitest.ts'
import { root } from '../root.ts'
import { findWindowsNode, type WindowsNode } from '../wine.ts'

export const wineSuite: Suite = {
  name: 'wine',
  about: "packages/*/test/wine on the sources, in Node for Windows under Wine: the brokers' DLL, Windows' vaults",
  async run() {
    const files = globSync('packages/*/test/wine/**/*.wine.ts', { cwd: root }).toSorted()
    if (files.length === 0) return []
    let node: WindowsNode
    const found = await check('there is a Node for Windows', async () => {
      node = await findWindowsNode()
    })
    // Nobody knows how many tests are in a file that cannot run: each file counts as one.
    if (found.state !== 'passed') return files.map((name) => ({ ...found, name }))
    try {
      const outcomes: Outcome[] = []
      for (const file of files) outcomes.push(...(await runFile(node!, file)))
      return outcomes
    } finally {
      node!.stop()
    }
  },
}

/** A file runs in a process of its own: what ends it, ends no other. */
async function runFile(node: WindowsNode, file: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const folder = mkdtempSync(join(dirname(node.modules), 'run-'))
  const ran = await check(file, async () => {
    const bundle = join(folder, 'tests.mjs')
    await bundleTests(file, bundle)
    const MSALRUNTIME_DLL = node.path(msalRuntimeFile('windows', 'x64', 'msalruntime.dll'))
    const { code, output } = node.run(bundle, { MSALRUNTIME_DLL })
    const [, report] = output.split(MARK)
    if (report === undefined) throw new Error(`Node for Windows ended with ${code} before it reported\n${output}`)
    outcomes.push(
      ...(JSON.parse(report) as TestResult[]).map(({ name, state, error }) => ({
        name: `${file} > ${name}`,
        state,
        detail: state === 'skipped' ? 'its file says so' : error,
      })),
    )
    const failed = outcomes.filter(({ state }) => state === 'failed')
    console.log(`      ${outcomes.length} tests, ${failed.length} failed`)
    for (const { name, detail } of failed) console.log(`      ✗ ${name}\n${detail}`)
    if (outcomes.length === 0) throw new Error('No test ran')
  })
  rmSync(folder, { recursive: true, force: true })
  // What is done is told; that a file ran is no test of its own.
  return ran.state === 'passed' ? outcomes : [ran]
}

async function bundleTests(file: string, outfile: string): Promise<void> {
  await build({
    stdin: {
      contents: [
        `import { runAll } from './vitest.ts'`,
        `await import(${JSON.stringify(join(root, file))})`,
        `process.stdout.write('\\n${MARK}' + JSON.stringify(await runAll()) + '${MARK}\\n')`,
      ].join('\n'),
      resolveDir: join(root, 'tools/portable'),
      loader: 'ts',
    },
    alias: { vitest: join(root, 'tools/portable/vitest.ts') },
    absWorkingDir: root,
    bundle: true,
    external: ['koffi'],
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile,
    logLevel: 'silent',
    plugins: [
      {
        name: 'sources',
        setup(bundler) {
          bundler.onResolve({ filter: /^@latchkey\// }, ({ path }) => {
            const [, name, entry = 'index'] = path.split('/')
            return { path: join(root, 'packages', name!, 'src', `${entry}.ts`) }
          })
        },
      },
    ],
  })
}
