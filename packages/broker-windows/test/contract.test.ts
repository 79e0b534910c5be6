import { brokerContract } from '@latchkey/core/testing'
import { createBroker } from '@latchkey/msalruntime'
import { afterAll, describe, expect, test } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { standInUnderTest } from '../../../tools/nativeBroker/standInUnderTest.ts'
import { msalRuntimeOn } from '../../msalruntime/src/createMsalRuntime.js'
import { loadLibrary } from '../../msalruntime/src/native/loadLibrary.js'
import { consoleWindow } from '../../msalruntime/src/consoleWindow.js'
import { windowsPlatform } from '../src/windowsPlatform.js'
import { thisSystem } from '../src/WindowsSystem.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(
  `windowsBroker, over a library that stands in${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    // Text in UTF-16, and windows that are pointers.
    const standIn = missing ? (undefined as never) : buildStandIn({ wide: true })
    afterAll(() => standIn.remove())
    const system = thisSystem({
      ...{ platform: 'win32', arch: 'x64', release: '10.0.22631', version: 'Windows 11 Pro', env: {} },
      library: () => standIn.path,
    })
    const newBroker = () => {
      const described = { platform: 'win32', arch: 'x64', osRelease: '' }
      const runtime = msalRuntimeOn(() => described, loadLibrary, { libraryPath: standIn.path })
      return createBroker({ ...windowsPlatform(system, {}), runtime }, { policy: 'require' })
    }
    const cases = brokerContract(() => standInUnderTest(standIn, newBroker()))
    for (const { name, run } of cases) test(name, ({ skip }) => run(skip))

    test('it stands on the window that owns the console, and says what Windows has to know', async () => {
      const { client, signIn, close } = standInUnderTest(standIn, newBroker())
      await signIn('zoë@fabrikam.example')
      standIn.set('consoleWindow', 7)
      standIn.set('ancestor', 0x1_0000_0001)
      const request = { scopes: ['User.Read'], prompt: 'select_account', parentWindow: consoleWindow }
      const result = await client.broker!.acquireTokenInteractive(client, request)
      expect(result?.account?.username).toBe('zoë@fabrikam.example')
      expect(standIn.told('window')).toBe(String(0x1_0000_0001))
      expect(standIn.told('redirectUri')).toBe('https://login.microsoftonline.com/common/oauth2/nativeclient')
      await close?.()
    })
  },
)
