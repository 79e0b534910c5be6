import { lib } from '../../tsup.base.js'

/** What is on the way of every token is compiled in, see docs/decisions/0001; other flows import the library. */
const compiledIn = /requestToken\.ts$/

export default lib('neutral', {
  noExternal: ['oauth4webapi'],
  treeshake: { propertyReadSideEffects: false },
  esbuildPlugins: [
    {
      name: 'oauth4webapi',
      setup({ onResolve }) {
        onResolve({ filter: /^oauth4webapi$/ }, ({ importer }) =>
          compiledIn.test(importer) ? undefined : { path: 'oauth4webapi', external: true },
        )
      },
    },
  ],
})
