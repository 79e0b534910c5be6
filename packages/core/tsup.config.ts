import { defineConfig } from 'tsup'
import { options } from '../../tsup.base.js'

/** oauth4webapi is compiled in, see docs/decisions/0001. */
const compiledIn = {
  ...options('neutral'),
  noExternal: ['oauth4webapi'],
  treeshake: { propertyReadSideEffects: false } as const,
}

/** The entries share chunks, so that what a module remembers is there once; what signs assertions is a file of its own. */
export default defineConfig([
  {
    ...compiledIn,
    entry: ['src/index.ts', 'src/internal.ts', 'src/testing.ts'],
    clean: ['**/*', '!credentials/signAssertion.js*'],
    esbuildPlugins: [
      {
        name: 'signAssertion',
        setup({ onResolve }) {
          const file = { path: './credentials/signAssertion.js', external: true }
          onResolve({ filter: /\/signAssertion\.js$/ }, () => file)
        },
      },
    ],
  },
  {
    ...compiledIn,
    entry: { 'credentials/signAssertion': 'src/credentials/signAssertion.ts' },
    splitting: false,
    clean: false,
  },
])
