import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { proxyTestRoot } from './fixtures/proxyCertificates.js'
import { startEmulator } from './fixtures/proxyEmulator.js'
import { bundleProgram, runProgram } from './fixtures/proxyChild.js'
import { findProxyRuntimes } from './fixtures/proxyRuntimes.js'
import { startProxy } from './fixtures/proxyServer.js'

const runtimes = await findProxyRuntimes()
const page = readFileSync(new URL('../../../docs/proxies.md', import.meta.url), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'latchkey-proxy-'))
const root = join(folder, 'root.pem')
/** The requests of a first token. */
const both = ['GET openid-configuration', 'POST token']

let emulator: Awaited<ReturnType<typeof startEmulator>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(() => writeFileSync(root, proxyTestRoot))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(async () => {
  emulator = await startEmulator()
  proxy = await startProxy()
})
afterEach(async () => {
  await proxy.close()
  await emulator.close()
})

/** The first TypeScript of a section of the page. */
function snippet(heading: string): string {
  const [, section = ''] = page.split(new RegExp(`^#+ ${heading}\n`, 'm'))
  const [, code] = /^```ts\n([^]*?)^```/m.exec(section) ?? []
  if (code === undefined) throw new Error(`docs/proxies.md has no snippet under "${heading}"`)
  return code
}

/** What the emulator was asked, apart by the way that it came. */
function ways() {
  const lines = (through: boolean): string[] =>
    emulator.requests.filter(({ port }) => proxy.ports.has(port) === through).map(({ line }) => line)
  return { proxied: lines(true), direct: lines(false) }
}

for (const runtime of runtimes) {
  const { name, missing, certificates, recipe, setting = {}, oneProxy } = runtime
  // Skipped, and counted, where the runtime cannot be started; the title says why.
  describe.skipIf(missing)(missing ? `${name} (${missing})` : name, () => {
    const file = join(folder, `${name}.mjs`)
    beforeAll(() => bundleProgram(file, recipe && snippet(recipe)))

    const run = (variables: Record<string, string>, { scheme = 'https', program = file, trusted = true } = {}) => {
      const { tenantId, clientId, clientSecret } = emulator.defaults
      return runProgram(runtime, program, {
        AUTHORITY: `${scheme === 'https' ? emulator.https : emulator.http}/${tenantId}`,
        CLIENT_ID: clientId,
        CLIENT_SECRET: clientSecret,
        ...(trusted ? { [certificates]: root } : {}),
        ...variables,
      })
    }

    test.each(['HTTPS_PROXY', 'https_proxy'])('%s', async (variable) => {
      expect(await run({ ...setting, [variable]: proxy.url })).toMatchObject({ source: 'identity_provider' })
      expect(ways()).toEqual({ proxied: both, direct: [] })
      expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${new URL(emulator.https).host}`]))
    })

    test('HTTP_PROXY, for an authority on this machine', async () => {
      const printed = await run({ ...setting, HTTP_PROXY: proxy.url }, { scheme: 'http' })
      expect(printed).toMatchObject({ source: 'identity_provider' })
      expect(ways()).toEqual({ proxied: both, direct: [] })
    })

    test('no setting, no proxy', async () => {
      expect(await run(setting)).toMatchObject({ source: 'identity_provider' })
      expect(ways()).toEqual({ proxied: [], direct: both })
      expect(proxy.asked).toEqual([])
    })

    if (runtime.setting)
      test('the variables alone do nothing', async () => {
        expect(await run({ HTTPS_PROXY: proxy.url })).toMatchObject({ source: 'identity_provider' })
        expect(ways()).toEqual({ proxied: [], direct: both })
      })

    test('NO_PROXY', async () => {
      const printed = await run({ ...setting, HTTPS_PROXY: proxy.url, NO_PROXY: 'other.example,localhost' })
      expect(printed).toMatchObject({ source: 'identity_provider' })
      expect(ways()).toEqual({ proxied: [], direct: both })
    })

    test('one proxy for one client', async () => {
      const program = join(folder, `${name} one.mjs`)
      await bundleProgram(program, snippet(oneProxy).replace('http://proxy.example:8080', proxy.url))
      expect(await run({}, { program })).toMatchObject({ source: 'identity_provider' })
      expect(ways()).toEqual({ proxied: both, direct: [] })
    })

    describe('a proxy that wants a password', () => {
      const withPassword = (password: string): string => proxy.url.replace('//', `//ann:${password}@`)
      beforeEach(async () => {
        await proxy.close()
        proxy = await startProxy('ann:right-password')
      })

      test('gets it from the URL', async () => {
        const printed = await run({ ...setting, HTTPS_PROXY: withPassword('right-password') })
        expect(printed).toMatchObject({ source: 'identity_provider' })
        expect(ways()).toEqual({ proxied: both, direct: [] })
      })

      test('407 is a network_error whose first cause says so, and nothing says the password', async () => {
        const { shown, ...printed } = await run({ ...setting, HTTPS_PROXY: withPassword('wrong-password') })
        expect(printed).toMatchObject({
          code: 'network_error',
          message: expect.stringContaining('Cannot reach localhost:'),
          first: expect.stringMatching(/\b407\b|proxy authentication required/),
          advice: expect.stringContaining('proxy'),
        })
        const sent = Buffer.from('ann:wrong-password').toString('base64')
        for (const text of [shown, JSON.stringify(printed)])
          for (const secret of ['wrong-password', sent, emulator.defaults.clientSecret])
            expect(text).not.toContain(secret)
        expect(proxy.asked).not.toEqual([])
        expect(emulator.requests).toEqual([])
      })
    })

    test('a proxy that does not answer is a network_error', async () => {
      const { url } = proxy
      await proxy.close()
      const { code, message, first } = await run({ ...setting, HTTPS_PROXY: url })
      expect(code).toBe('network_error')
      expect(`${message} ${first}`).toMatch(/ECONNREFUSED|Connection refused/)
      expect(emulator.requests).toEqual([])
    })

    test('an unknown certificate authority is a network_error', async () => {
      const { code, first } = await run({}, { trusted: false })
      expect(code).toBe('network_error')
      expect(first).toMatch(/unable to verify the first certificate|UnknownIssuer/)
      expect(emulator.requests).toEqual([])
    })
  })
}

test.each([
  ['Node before 22.21', 'proxyEnvironment.ts'],
  ['One proxy: Node', 'proxyAgent.ts'],
  ['What the error says', 'proxyFirstCause.ts'],
])('the snippet of "%s" compiles: it is a file of its own', (heading, name) => {
  expect(snippet(heading)).toBe(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'))
})
