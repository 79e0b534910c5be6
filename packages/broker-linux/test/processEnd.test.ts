import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tokensFor } from '../../../tools/nativeBroker/doubleAnswers.ts'
import { nativeBrokerForTests } from '../../../tools/nativeBroker/nativeBrokerForTests.ts'

const native = await nativeBrokerForTests()
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

describe.skipIf(native.reason)(native.title('a program with linuxBroker'), () => {
  let folder: string
  let program: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-program-'))
    symlinkSync(here('../node_modules'), join(folder, 'node_modules'))
    program = join(folder, 'program.mjs')
    const source = (name: string): string => here(`../../${name}`)
    await build({
      entryPoints: [here('fixtures/signInProgram.ts')],
      alias: {
        '@latchkey/broker-linux': source('broker-linux/src/index.ts'),
        '@latchkey/core/internal': source('core/src/internal.ts'),
        '@latchkey/core': source('core/src/index.ts'),
        '@latchkey/msalruntime': source('msalruntime/src/index.ts'),
      },
      ...{ bundle: true, external: ['koffi'], platform: 'node', format: 'esm', outfile: program, logLevel: 'silent' },
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  beforeEach(() => native.broker.reset())

  const start = (clientId: string) => {
    const child = spawn(process.execPath, [program, native.library, clientId], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    let output = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text))
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, output }))
    return { child, ended }
  }
  const signedIn = { code: 0, signal: null, output: 'signed in as zoe@fabrikam.example\n' }

  it('ends by itself when it has its token', async () => {
    const id = crypto.randomUUID()
    for (let round = 0; round < 5; round++) expect(await start(id).ended).toEqual(signedIn)
  })

  it('ends as it was told to, and whole, with a sign-in under way; the next one is not in its way', async () => {
    const id = crypto.randomUUID()
    for (let round = 0; round < 5; round++) {
      const { child, ended } = start(id)
      let release = (): void => {}
      await new Promise<void>((resolve) => {
        native.broker.answerOnce('acquireTokenSilently', async (call) => {
          resolve()
          await new Promise<void>((go) => (release = go))
          return tokensFor(call, native.broker.accounts[0]!)
        })
      })
      child.send('end')
      release()
      expect(await ended).toMatchObject({ code: 3, signal: null })
    }
    expect(await start(id).ended).toEqual(signedIn)
  })
})
