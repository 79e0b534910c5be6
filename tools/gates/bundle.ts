import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import { root } from '../root.ts'
import { publishable } from './publishable.ts'

export interface Bundle {
  text: string
  min: number
  gzip: number
  brotli: number
  metafile: Metafile
}

/**
 * Bundles a program as an application for browsers and edge functions would be.
 *
 * @param program TypeScript.
 * @param fromSource Over the sources instead of the built packages, so that the metafile tells our modules apart.
 */
export async function bundle(program: string, fromSource = false): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts', sourcefile: 'program.ts' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    legalComments: 'none',
    ...(fromSource ? { alias: Object.fromEntries(entries().map(({ specifier, source }) => [specifier, source])) } : {}),
    logLevel: 'silent',
  })
  const [output] = outputFiles
  const bytes = output?.contents ?? new Uint8Array()
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
  return { text: output?.text ?? '', min: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli, metafile }
}

const entries = () => publishable().flatMap((pkg) => pkg.entries)

/** What each package, and each module of ours, weighs in a bundle, heaviest first; minified bytes. */
export function weights({ metafile }: Bundle): [name: string, bytes: number][] {
  const [output] = Object.values(metafile.outputs)
  const sums = new Map<string, number>()
  for (const [path, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? path
    sums.set(name, (sums.get(name) ?? 0) + bytesInOutput)
  }
  return [...sums].toSorted(([, a], [, b]) => b - a)
}
