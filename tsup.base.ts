import { defineConfig, type Options } from 'tsup'

/** JavaScript only: declarations come from the TypeScript 7 compiler, one file per module. */
export const options = (platform: 'neutral' | 'node'): Options => ({
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'es2022',
  platform,
  dts: false,
  splitting: true,
  treeshake: false,
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false,
})

export const lib = (platform: 'neutral' | 'node', extra: Options = {}): ReturnType<typeof defineConfig> =>
  defineConfig({ ...options(platform), ...extra })
