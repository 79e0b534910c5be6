import { lib } from '../../tsup.base.js'

/**
 * oauth4webapi is compiled in, see docs/decisions/0001: into each of these on its own, so that an app with a secret
 * neither bundles nor loads what signing assertions needs.
 */
export default lib('neutral', {
  entry: ['src/index.ts', 'src/credentials/signAssertion.ts'],
  splitting: false,
  noExternal: ['oauth4webapi'],
  treeshake: { propertyReadSideEffects: false },
  esbuildPlugins: [
    {
      name: 'signAssertion',
      setup({ onResolve }) {
        onResolve({ filter: /\/signAssertion\.js$/ }, () => ({
          path: './credentials/signAssertion.js',
          external: true,
        }))
      },
    },
  ],
})
