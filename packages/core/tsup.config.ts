import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'
import { options } from '../../tsup.base.js'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** What users import. */
const entries = ['index', 'internal', 'popup', 'redirect', 'testing', 'verify']
/** What only these entries need, and is compiled into them. */
const own = /^(browser\/|testing\/|acquire\/verifyIdTokenSignature$|toTokenCredential$)/
/** oauth4webapi is compiled in, see docs/decisions/0001: into each of these on its own, so that nobody loads what only others use. */
const apart = ['credentials/signAssertion', 'oauth/codeGrant']

/** All other modules, in one file: what they remember is there once, and the entries only name what is theirs. */
const core = globSync(['src/*.ts', 'src/*/**/*.ts'])
  .map((path) => path.slice('src/'.length, -'.ts'.length))
  .filter((name) => !entries.includes(name) && !apart.includes(name) && !own.test(name))
mkdirSync('.build', { recursive: true })
writeFileSync('.build/core.ts', core.map((name) => `export * from '../src/${name}.js'\n`).join(''))

/** What oauth4webapi calls when it is loaded, without an effect. */
const atLoad = ['TextEncoder', 'TextDecoder']
/** Its checks of what core has checked or made itself, see docs/decisions/0001; none of these reads what a server sent. */
const ofArguments = ['assertAs', 'assertClient', 'assertString', 'assertDPoP', 'checkProtocol']

const compiledIn: Options = {
  ...options('neutral'),
  noExternal: ['oauth4webapi'],
  treeshake: { propertyReadSideEffects: false, manualPureFunctions: [...atLoad, ...ofArguments] },
  splitting: false,
  clean: false,
  // What it finds out when it is loaded: how to parse URLs and base64, whether to name itself as the user agent (requestToken drops that).
  define: Object.fromEntries(
    [
      ...['navigator.userAgent', 'URL.parse', 'Error.captureStackTrace'],
      ...['Uint8Array.prototype.toBase64', 'Uint8Array.fromBase64'],
    ].map((name) => [name, 'undefined']),
  ),
}
const named = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]))

/** Leaves imports of some modules to the file of the build that has them. */
const leave = (isLeft: (name: string) => boolean, file: (name: string) => string): Plugin => ({
  name: 'leave',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, resolveDir, kind }) => {
      const [, name = ''] = /\/src\/(.*)\.js$/.exec(new URL(path, `file://${resolveDir}/`).pathname) ?? []
      return kind !== 'entry-point' && isLeft(name) ? { path: `./${file(name)}.js`, external: true } : undefined
    })
  },
})

export default defineConfig([
  {
    ...compiledIn,
    entry: { core: '.build/core.ts' },
    clean: ['**/*', '!credentials/signAssertion.js*'],
    esbuildPlugins: [
      leave(
        (name) => apart.includes(name),
        (name) => name,
      ),
    ],
  },
  {
    ...compiledIn,
    entry: named(entries),
    esbuildPlugins: [
      leave(
        (name) => !own.test(name),
        () => 'core',
      ),
    ],
  },
  { ...compiledIn, entry: named(apart) },
])
