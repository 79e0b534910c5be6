import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Cell, Findings, Measurement } from './measurement.ts'
import { programs, programUrl, type Program } from './programs.ts'

/** Needs Node's builtins, so that nothing can be bundled for a browser. */
const nodeOnly = new Set<Program>(['msal-node'])

export const size: Measurement = {
  name: 'size',
  about: 'the bundled client credentials program',
  async run() {
    const bundles = await Promise.all(
      programs.map(async (program) => ({ program, platform: platformOf(program), bytes: await bundle(program) })),
    )
    const [ours] = bundles
    if (!ours) throw new Error('There is no program')
    const rows = bundles.map(({ program, platform, bytes }): Cell[] => {
      const brotli = brotliSize(bytes)
      return [
        program,
        platform,
        bytes.length,
        gzipSync(bytes, { level: 9 }).length,
        brotli,
        brotli / brotliSize(ours.bytes),
      ]
    })
    return {
      tables: [
        {
          title: 'Size of the client credentials program, in bytes',
          columns: ['program', 'platform', 'minified', 'gzip 9', 'brotli 11', '÷ latchkey'],
          rows,
          notes: [
            'esbuild, target es2022, ESM, everything included. oauth4webapi and floor have no cache, no authorities and no retries. ' +
              'azure-identity is a different, much smaller program in its browser build; on Node it brings msal-node.',
          ],
        },
      ],
      limits: [
        {
          what: 'size: latchkey, brotli bytes',
          value: brotliSize(ours.bytes),
          limit: 8000,
          relation: 'at most',
          exact: true,
        },
      ],
    } satisfies Findings
  },
}

async function bundle(program: Program): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(programUrl(program))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: platformOf(program),
    legalComments: 'none',
    logLevel: 'silent',
  })
  const [file] = outputFiles
  if (!file) throw new Error(`esbuild made nothing of ${program}`)
  return file.contents
}

const platformOf = (program: Program): 'node' | 'browser' => (nodeOnly.has(program) ? 'node' : 'browser')

const brotliSize = (bytes: Uint8Array): number => brotliCompressSync(bytes).length
