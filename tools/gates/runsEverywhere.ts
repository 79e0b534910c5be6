import { isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { root } from '../root.ts'
import type { Gate } from './gate.ts'
import { compilerOptions } from './program.ts'
import { publishable } from './publishable.ts'

/** Packages that run on every runtime: nothing that is reachable from an entry may be Node's. */
const NEUTRAL = [
  '@latchkey/certificates',
  '@latchkey/core',
  '@latchkey/managed-identity',
  '@latchkey/pop',
  '@latchkey/ws-trust',
]

/** No `node:` import is reachable, dependencies included, and the compiler knows none of Node's names. */
export const runsEverywhere: Gate = {
  name: 'runs everywhere',
  checks: () =>
    publishable()
      .filter(({ name }) => NEUTRAL.includes(name))
      .flatMap(({ name, folder, entries }) => [
        ...entries.map(({ specifier, code }) => ({ name: specifier, run: () => checkImports(code) })),
        {
          name: `${name}: no ambient types`,
          run() {
            const { types } = compilerOptions(join(folder, 'tsconfig.json'))
            if (types?.length !== 0)
              throw new Error(`its tsconfig.json must say "types": [], it says ${JSON.stringify(types)}`)
          },
        },
      ]),
}

async function checkImports(code: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: [code],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  })
  const found = Object.entries(metafile.inputs).flatMap(([path, { imports }]) =>
    imports.filter((one) => isBuiltin(one.path)).map((one) => `${relative(root, path)} imports ${one.path}`),
  )
  if (found.length > 0) throw new Error(found.join('\n'))
}
