import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build, transform } from 'esbuild'
import type { Measurement } from './measurement.ts'
import { programUrl } from './programs.ts'

/** The text that one module has in the bundle. */
interface Part {
  readonly module: string
  readonly text: string
}

export const weight: Measurement = {
  name: 'weight',
  about: 'what each module adds to the latchkey program',
  async run() {
    const parts = await bundleParts()
    const whole = brotliSize(parts)
    const weights = parts
      .map((part) => ({ ...part, without: whole - brotliSize(parts.filter((other) => other !== part)) }))
      .toSorted((a, b) => b.without - a.without)
    return {
      tables: [
        {
          title: 'Weight by part of the latchkey program, in bytes',
          columns: ['module', 'minified', 'brotli saved without it'],
          rows: [
            ...weights.map(({ module, text, without }) => [module, Buffer.byteLength(text), without]),
            ['whole program', parts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0), whole],
          ],
          notes: [
            'From the sources. Parts that resemble each other compress well together: the last column does not add up to the whole.',
          ],
        },
      ],
      limits: [],
    }
  },
}

/**
 * Cuts the bundle where one module ends and the next begins: with its white space left in, esbuild says where that is. The rest
 * of the minification is done to the whole, so that names are shared as in the real bundle.
 */
async function bundleParts(): Promise<Part[]> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(programUrl('latchkey'))],
    alias: { '@latchkey/core': fileURLToPath(new URL('packages/core/src/index.ts', repository)) },
    absWorkingDir: fileURLToPath(repository),
    bundle: true,
    minifyIdentifiers: true,
    minifySyntax: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    legalComments: 'none',
  })
  const [, ...cut] = (outputFiles[0]?.text ?? '').split(/^\/\/ (\S+\.[jt]s)$/m)
  const parts = new Map<string, string>()
  for (let index = 0; index < cut.length; index += 2) {
    const module = nameOf(cut[index] ?? '')
    const { code } = await transform(cut[index + 1] ?? '', { minifyWhitespace: true, format: 'esm', target: 'es2022' })
    parts.set(module, (parts.get(module) ?? '') + code.trimEnd())
  }
  return [...parts].map(([module, text]) => ({ module, text }))
}

const repository = new URL('../../', import.meta.url)

const nameOf = (path: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? path.replace('packages/core/src/', '')

const brotliSize = (parts: readonly Part[]): number => brotliCompressSync(parts.map(({ text }) => text).join('')).length
