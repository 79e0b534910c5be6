import { afterAll, describe, expect, it } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { standInUnderTest } from '../../../tools/nativeBroker/standInUnderTest.ts'
import { linuxBrokerOn } from '../src/linuxBroker.js'
import { thisSystem } from '../src/LinuxSystem.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`what the library gave comes back${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  afterAll(() => standIn.remove())
  const scopes = ['User.Read']
  const newSubject = () => {
    const system = thisSystem({ platform: 'linux', arch: 'x64' })
    return standInUnderTest(standIn, linuxBrokerOn(system, { libraryPath: standIn.path, policy: 'require' }))
  }

  it('after 5,000 tokens', async () => {
    const { client, signIn, close } = newSubject()
    await signIn('zoe@fabrikam.example')
    const { account } = (await client.broker!.acquireTokenInteractive(client, { scopes, parentWindow: 1n }))!
    for (let round = 0; round < 250; round++) {
      const calls = Array.from({ length: 20 }, () => client.broker!.acquireTokenSilent(client, { scopes, account }))
      for (const result of await Promise.all(calls)) expect(result?.account?.username).toBe('zoe@fabrikam.example')
    }
    expect(standIn.count('AcquireTokenSilently')).toBeGreaterThanOrEqual(5000)
    await close!()
  })

  it.each([
    ['an error before it begins', { refuse: 6 }],
    ['an error at its end', { status: 0 }],
    ['an answer from the thread that asked', { callback: 'inline' }],
  ])('after %s', async (_name, settings) => {
    const { client, signIn, close } = newSubject()
    await signIn('zoe@fabrikam.example')
    const { account } = (await client.broker!.acquireTokenInteractive(client, { scopes, parentWindow: 1n }))!
    for (const [name, value] of Object.entries(settings)) standIn.set(name, value)
    await client.broker!.acquireTokenSilent(client, { scopes, account }).catch(() => {})
    await close!()
  })

  it('after an answer that comes when nobody waits any more, and after one that never comes nobody waits for ever', async () => {
    const { client, signIn, release, close } = newSubject()
    await signIn('zoe@fabrikam.example')
    const { account } = (await client.broker!.acquireTokenInteractive(client, { scopes, parentWindow: 1n }))!
    standIn.set('callback', 'late')
    standIn.set('cancel', 'ignored')
    const controller = new AbortController()
    const call = client.broker!.acquireTokenSilent(client, { scopes, account, signal: controller.signal })
    await expect.poll(() => standIn.pending()).toBe(1)
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'user_cancelled' })
    await release()
    await close!()
  })

  it('an answer that comes twice is taken once; nothing is released twice, and the next one comes', async () => {
    const own = buildStandIn()
    const system = thisSystem({ platform: 'linux', arch: 'x64' })
    const broker = linuxBrokerOn(system, { libraryPath: own.path, policy: 'require' })
    const { client, signIn } = standInUnderTest(own, broker)
    await signIn('zoe@fabrikam.example')
    const { account } = (await broker.acquireTokenInteractive(client, { scopes, parentWindow: 1n }))!
    own.set('callback', 'twice')
    for (let round = 0; round < 3; round++)
      expect((await broker.acquireTokenSilent(client, { scopes, account }))?.account).toEqual(account)
    own.set('callback', null)
    expect((await broker.acquireTokenSilent(client, { scopes, account }))?.account).toEqual(account)
    await expect.poll(() => own.pending()).toBe(0)
    expect(own.misuses()).toMatchObject({ amount: 0 })
    own.remove()
  })
})
