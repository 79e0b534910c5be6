import { consoleWindow, linuxBroker } from '@latchkey/broker-linux'
import { acquireTokenInteractive, createPublicClient, isPopSupported, type Interaction } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { nativeBrokerForTests } from '../../../tools/nativeBroker/nativeBrokerForTests.ts'

const native = await nativeBrokerForTests()
const { broker } = native
const scopes = ['User.Read']
const app = { clientId: 'app', authority: 'https://login.microsoftonline.com/organizations' }

describe.skipIf(native.reason)(native.title('linuxBroker where there is no identity broker'), () => {
  it('goes on with the browser where the app prefers it only', async () => {
    broker.leave()
    const opened = new Error('the browser was opened')
    const interaction: Interaction = { redirectUri: 'http://localhost', navigate: () => Promise.reject(opened) }
    for (const policy of ['prefer', 'never'] as const) {
      const client = createPublicClient({ ...app, broker: linuxBroker({ policy }) })
      const options = { scopes, parentWindow: consoleWindow, interaction }
      await expect(acquireTokenInteractive(client, options)).rejects.toBe(opened)
    }
  })

  it('says so, and what to do; and it is there when it comes', async () => {
    broker.leave()
    const absent = linuxBroker({ policy: 'require' })
    const client = createPublicClient({ ...app, broker: absent })
    expect(await absent.status(client)).toMatchObject({
      state: 'not_installed',
      nextStep: expect.stringContaining('microsoft-identity-broker'),
    })
    expect(await isPopSupported(client)).toBe(false)
    await expect(acquireTokenInteractive(client, { scopes, parentWindow: consoleWindow })).rejects.toMatchObject({
      name: 'AuthError',
      code: 'broker_unavailable',
    })
    await broker.join()
    expect(await absent.status(client)).toEqual({ state: 'available', message: expect.any(String) })
    expect(await acquireTokenInteractive(client, { scopes, parentWindow: consoleWindow })).toMatchObject({
      source: 'broker',
    })
  })
})
