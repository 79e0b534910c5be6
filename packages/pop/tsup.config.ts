import { defineConfig, type Options } from 'tsup'
import { options } from '../../tsup.base.js'

/** What oauth4webapi calls when it is loaded, without an effect. */
const atLoad = ['TextEncoder', 'TextDecoder']
/** Its checks of what this package has checked, or made itself. */
const ofArguments = [
  'assertAs',
  'assertClient',
  'assertString',
  'assertDPoP',
  'assertPrivateKey',
  'assertPublicKey',
  'checkProtocol',
  'checkRsaKeyAlgorithm',
  'checkAuthenticationChallenges',
]
/** oauth4webapi is compiled in, as in core (docs/decisions/0001): into each of these, so that nobody loads what only others use. */
const apart = ['signJwt', 'dpopProof']

const compiledIn: Options = {
  ...options('neutral'),
  noExternal: ['oauth4webapi'],
  treeshake: { propertyReadSideEffects: false, manualPureFunctions: [...atLoad, ...ofArguments] },
  splitting: false,
  clean: false,
  // What it finds out when it is loaded, in favour of what works everywhere.
  define: {
    'navigator.userAgent': 'undefined',
    'URL.parse': 'undefined',
    'Error.captureStackTrace': 'undefined',
    'Uint8Array.prototype.toBase64': 'undefined',
    'Uint8Array.fromBase64': 'undefined',
  },
}

export default defineConfig([
  {
    ...compiledIn,
    esbuildPlugins: [
      {
        name: 'leave',
        setup: ({ onResolve }) =>
          onResolve({ filter: /\/oauth\/.*\.js$/ }, ({ path }) => ({
            path: path.replace('../', './'),
            external: true,
          })),
      },
    ],
  },
  { ...compiledIn, entry: Object.fromEntries(apart.map((name) => [`oauth/${name}`, `src/oauth/${name}.ts`])) },
])
