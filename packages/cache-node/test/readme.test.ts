import { createEmulator } from '@latchkey/emulator'
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { source } from './fixtures/runWriter.js'
import { noSecretService, startSecretService } from './fixtures/secretService.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const [, example = ''] = /^```js\n([^]*?)^```/m.exec(readme) ?? []

/** Installed beside the package, not beside the program. */
const koffi = JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve('koffi')).href)

const reason = noSecretService()
describe.skipIf(reason)(`the example of the README${reason ? ` (${reason})` : ''}`, () => {
  it('finds in the next run the token of the one before', async () => {
    const folder = temporaryFolder()
    const emulated = "import { createEmulator } from '@latchkey/emulator'; globalThis.fetch = createEmulator().fetch"
    writeFileSync(join(folder, 'fetch.mjs'), emulated)
    writeFileSync(join(folder, 'example.mjs'), example)
    writeFileSync(join(folder, 'main.mjs'), "import './fetch.mjs'; import './example.mjs'")
    const program = await build({
      entryPoints: [join(folder, 'main.mjs')],
      alias: {
        '@latchkey/cache-node': source('cache-node/src/index.ts'),
        '@latchkey/core': source('core/src/index.ts'),
        '@latchkey/core/internal': source('core/src/internal.ts'),
        '@latchkey/emulator': source('emulator/src/index.ts'),
      },
      external: ['koffi'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    })
    const text = program.outputFiles[0]!.text.replaceAll(/import\((["'])koffi\1\)/g, () => `import(${koffi})`)
    writeFileSync(join(folder, 'program.mjs'), text)
    const service = await startSecretService()
    try {
      const { clientId, clientSecret, domain } = createEmulator().defaults
      const data = join(folder, 'data')
      const env = {
        ...process.env,
        ...service.env,
        XDG_DATA_HOME: data,
        CLIENT_ID: clientId,
        CLIENT_SECRET: clientSecret,
      }
      const run = (): string => {
        const options = { env: { ...env, TENANT_ID: domain }, encoding: 'utf8' } as const
        const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'program.mjs')], options)
        return stdout.trim() || stderr
      }
      expect([run(), run()]).toEqual(['identity_provider', 'cache'])
      expect(readdirSync(join(data, 'latchkey'))).toEqual(['tokens.cache'])
      expect(readFileSync(join(data, 'latchkey/tokens.cache')).toString('latin1', 0, 8)).toBe('LATCHKEY')
    } finally {
      await service.close()
    }
  })
})
