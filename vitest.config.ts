import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const packages = fileURLToPath(new URL('./packages/', import.meta.url))

export default defineConfig({
  resolve: {
    // Sources, so that the tests need no build. The built packages are tested by the "runtimes" and "gates" suites.
    alias: [
      { find: /^@latchkey\/([^/]+)$/, replacement: `${packages}$1/src/index.ts` },
      { find: /^@latchkey\/([^/]+)\/(.+)$/, replacement: `${packages}$1/src/$2.ts` },
    ],
  },
  test: {
    name: 'node',
    include: ['{packages,apps}/*/test/**/*.test.ts', '{examples,bench}/test/**/*.test.ts'],
    // Generous: the machines that run this are shared and slow, and nothing here is timed.
    testTimeout: 30_000,
    // Most of them wait for browsers, servers and other processes.
    maxWorkers: '100%',
    hookTimeout: 60_000,
    allowOnly: false,
  },
})
