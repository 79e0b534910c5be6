import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import type { EmulatorDefaults } from '@latchkey/emulator'
import { root } from '../root.ts'

/** How the bundle tells its result: on standard output, as the answer to a request, or as the value of the script. */
export type Reporting = 'output' | 'response' | 'value'

/** An emulator on a port, as a test sees it. */
export interface ServedDefaults extends EmulatorDefaults {
  url: string
}

/** Marks the line of standard output that holds the report. */
export const MARK = '@@portable@@'

const ENDINGS: Record<Reporting, string> = {
  output: `console.log('${MARK}' + JSON.stringify(await report()))`,
  response: 'export default { fetch: async () => Response.json(await report()) }',
  value: 'globalThis.portableReport = report().then(JSON.stringify)',
}

/** The runtime-neutral test files, of every package and of this folder. */
export const portableTests = (): string[] =>
  globSync(['packages/*/test/portable/**/*.test.ts', 'tools/portable/*.test.ts'], { cwd: root }).toSorted()

/**
 * One script with every portable test, and the *built* packages as the runtime's export conditions choose them. The
 * platform is neutral everywhere: a `node:` import does not even bundle.
 *
 * @param conditions Export conditions of the runtime.
 * @param emulator Where an emulator is served, and its defaults: what the tests see as `EMULATOR`.
 */
export async function bundlePortableTests(
  conditions: string[],
  reporting: Reporting,
  emulator: ServedDefaults,
): Promise<string> {
  const folder = join(root, 'tools/portable')
  const lines = portableTests().flatMap((path) => [
    `import ${JSON.stringify(`begin:${relative(root, path)}`)}`,
    `import ${JSON.stringify(join(root, path))}`,
  ])
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: [`import { report } from './report.ts'`, ...lines, ENDINGS[reporting]].join('\n'),
      resolveDir: folder,
      loader: 'ts',
    },
    alias: { vitest: join(folder, 'vitest.ts') },
    define: { EMULATOR: JSON.stringify(emulator) },
    absWorkingDir: root,
    bundle: true,
    // A test file is all side effects, whatever its package says of itself.
    ignoreAnnotations: true,
    write: false,
    metafile: true,
    platform: 'neutral',
    target: 'es2022',
    format: reporting === 'value' ? 'iife' : 'esm',
    mainFields: ['module', 'main'],
    conditions: [...conditions, 'import'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'test file names',
        setup(bundler) {
          bundler.onResolve({ filter: /^begin:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'begin' }))
          bundler.onLoad({ filter: /.*/, namespace: 'begin' }, ({ path }) => ({
            contents: `import { beginFile } from 'vitest'; beginFile(${JSON.stringify(path.replaceAll('\\', '/'))})`,
            resolveDir: folder,
          }))
          // The colours of the expectations read the environment, which the tests must show nobody needs.
          bundler.onLoad({ filter: /[\\/]tinyrainbow[\\/]/ }, () => ({
            contents: 'export default new Proxy({}, { get: () => String })',
          }))
        },
      },
    ],
  })
  const sources = Object.keys(metafile.inputs).filter((path) => /^packages\/[^/]+\/src\//.test(path))
  if (sources.length > 0) throw new Error(`Portable tests import packages by name, not ${sources.join(', ')}`)
  return outputFiles[0]?.text ?? ''
}
