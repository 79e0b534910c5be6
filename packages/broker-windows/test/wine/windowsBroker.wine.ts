import { consoleWindow, windowsBroker } from '@latchkey/broker-windows'
import { acquireTokenByUsernamePassword, createPublicClient, isPopSupported, type AuthError } from '@latchkey/core'
import koffi from 'koffi'
import { expect, it } from 'vitest'
import { findConsoleWindow } from '../../src/findConsoleWindow.js'
import { windowsPlatform } from '../../src/windowsPlatform.js'
import { thisSystem } from '../../src/WindowsSystem.js'

const libraryPath = process.env['MSALRUNTIME_DLL']!
const fetch = (): never => {
  throw new Error('The network was asked')
}

it('takes the desktop where there is no console', async () => {
  const desktop = koffi.load('user32.dll').func('__stdcall', 'GetDesktopWindow', 'void *', [])() as bigint
  expect(await findConsoleWindow(thisSystem())).toBe(desktop)
  expect(await windowsPlatform(thisSystem(), {}).consoleWindow()).toBe(desktop)
  expect(desktop).toBeGreaterThan(1n)
})

it('takes the system for one that has the broker', async () => {
  expect(await windowsPlatform(thisSystem(), {}).check()).toBeUndefined()
  expect(
    await windowsPlatform(thisSystem({ version: 'Windows Server 2016', release: '10.0.14393' }), {}).check(),
  ).toMatchObject({
    state: 'not_installed',
  })
})

it('is there for a client, and says what goes wrong', async () => {
  const broker = windowsBroker({ libraryPath, policy: 'require' })
  const authority = 'https://login.microsoftonline.com/organizations'
  const client = createPublicClient({ clientId: 'app', authority, broker, fetch })
  expect(await broker.status(client)).toMatchObject({ state: 'available' })
  expect(await isPopSupported(client)).toBe(true)
  const password = { username: 'zoe@fabrikam.example', password: 'a secret password' }
  const error = (await acquireTokenByUsernamePassword(client, { scopes: ['User.Read'], ...password }).catch(
    (thrown: unknown) => thrown,
  )) as AuthError
  // Wine has no Web Account Manager.
  expect(error.code).toBe('broker_error')
  expect(error.errorDescription).toContain('Status: Unexpected')
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('a secret password')
  expect(typeof consoleWindow).toBe('symbol')
})
