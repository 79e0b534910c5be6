import { readdirSync } from 'node:fs'
import { defineConfig } from 'oxlint'

/** Rules that hold in every source file. */
const everywhere = [
  { regex: '/index\\.js$', message: 'Import the file that has it; index.ts is for users' },
  { regex: '(^|/)(apps|examples|bench)/', message: 'Programs are at the top: nothing imports them' },
]
const core = [
  ...everywhere,
  { regex: '^@latchkey/', message: 'Core stands on no other package of ours' },
  { regex: '^node:', message: 'Core runs everywhere' },
]
const emulator = [
  ...everywhere.slice(1),
  { regex: '^@latchkey/', message: 'The emulator is the other side of the wire: it shares no code with what it tests' },
]

const imports = (files: string[], ...patterns: object[]) => ({
  files,
  rules: { 'typescript/no-restricted-imports': ['error', { patterns }] as ['error', object] },
})

/** A folder of core, and the folders (or files) of core whose values it may import; types it may import from everywhere. */
const layer = (name: string, allowed: string[], message: string) => {
  const paths = ['AuthError.js', 'version.js', ...allowed.map((path) => (path.endsWith('.js') ? path : `${path}/*`))]
  const group = ['../**', ...paths.map((path) => `!../${path}`)]
  return imports([`packages/core/src/${name}/**`], ...core, { group, allowTypeImports: true, message })
}
const bottom = ['arguments', 'json', 'runtime']

const layers = [
  ...['ports', 'arguments', 'runtime'].map((name) =>
    layer(name, [], 'This is the bottom layer: it imports types only'),
  ),
  layer('json', ['arguments'], 'json checks what it reads, and knows nothing else'),
  layer('http', bottom, 'http stands on the bottom layer only'),
  layer('oauth', [...bottom, 'http/retryAfter.js'], 'oauth is pure protocol: no requests, no cache, no client'),
  layer('authority', [...bottom, 'http', 'oauth'], 'authority stands on http and oauth'),
  layer('cache', [...bottom, 'oauth', 'authority'], 'cache makes no requests and knows no flow'),
  layer('credentials', [...bottom, 'oauth'], 'a credential only adds itself to a request'),
  layer(
    'token',
    [...bottom, 'http', 'oauth', 'authority', 'client'],
    'token asks the token endpoint and knows no cache',
  ),
  layer(
    'acquire',
    [...bottom, 'http', 'oauth', 'authority', 'cache', 'client', 'token', 'isAuthError.js'],
    'acquire is what flows share: it knows none of them',
  ),
  layer('testing', ['arguments'], 'testing knows the ports, not what is behind them'),
  layer(
    'browser',
    [...bottom, 'http', 'acquire', 'client'],
    'browser shows pages and brings answers back: it knows no flow',
  ),
  layer('client', [...bottom, 'http', 'oauth', 'authority', 'cache', 'credentials'], 'client knows no flow'),
]
const known = new Set(layers.flatMap(({ files }) => files.map((path) => path.split('/')[3])))
for (const { name } of readdirSync('packages/core/src', { withFileTypes: true }).filter((entry) => entry.isDirectory()))
  if (name !== 'flows' && !known.has(name))
    throw new Error(`Say in oxlint.config.ts what core's folder ${name} may import`)

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'promise', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['**/dist/**'],
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-self-import': 'error',
    // Answers of a server and globals of a runtime start as unknown; what they are is checked, then asserted.
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/restrict-template-expressions': 'off',
    'typescript/no-base-to-string': 'off',
    // Ports and options are records of functions; nothing here has a `this`.
    'typescript/unbound-method': 'off',
    // The compiler knows better.
    'typescript/consistent-return': 'off',
    'eslint/no-unmodified-loop-condition': 'off',
    // Taste, decided otherwise here.
    'eslint/no-shadow': 'off',
    'import/no-named-as-default-member': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/require-post-message-target-origin': 'off', // a BroadcastChannel has none
    'unicorn/no-useless-spread': 'off',
  },
  overrides: [
    { files: ['packages/*/src/**'], rules: { 'import/no-default-export': 'error', 'eslint/no-console': 'error' } },
    imports(['**/*'], ...everywhere),
    imports(['packages/emulator/src/**'], ...emulator),
    imports(['packages/core/src/**'], ...core),
    ...layers,
    imports(['packages/core/src/flows/**'], ...core, {
      regex: '^\\./',
      allowTypeImports: true,
      message: 'A flow that imports another brings it into every bundle',
    }),
  ],
})
