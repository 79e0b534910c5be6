import { defineConfig } from 'tsup'
import { options } from '../../tsup.base.js'

/** oauth4webapi is compiled in, see docs/decisions/0001: into each of these on its own, so that nobody loads what only others use. */
const apart = ['credentials/signAssertion', 'oauth/codeGrant']

const compiledIn = {
  ...options('neutral'),
  noExternal: ['oauth4webapi'],
  treeshake: { propertyReadSideEffects: false, manualPureFunctions: ['TextEncoder', 'TextDecoder'] },
  // What it finds out when it is loaded: how to parse URLs, whether to name itself as the user agent (requestToken drops that).
  define: { 'navigator.userAgent': 'undefined', 'URL.parse': 'undefined', 'Error.captureStackTrace': 'undefined' },
}

/** The entries share chunks, so that what a module remembers is there once. */
export default defineConfig([
  {
    ...compiledIn,
    entry: ['src/index.ts', 'src/internal.ts', 'src/testing.ts'],
    clean: ['**/*', ...apart.map((name) => `!${name}.js*`)],
    esbuildPlugins: [
      {
        name: 'apart',
        setup({ onResolve }) {
          for (const name of apart) {
            const [file] = name.split('/').slice(-1)
            onResolve({ filter: new RegExp(`/${file}\\.js$`) }, () => ({ path: `./${name}.js`, external: true }))
          }
        },
      },
    ],
  },
  {
    ...compiledIn,
    entry: Object.fromEntries(apart.map((name) => [name, `src/${name}.ts`])),
    splitting: false,
    clean: false,
  },
])
