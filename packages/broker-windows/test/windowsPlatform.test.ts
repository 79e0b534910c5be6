import { describe, expect, it } from 'vitest'
import { windowsPlatform } from '../src/windowsPlatform.js'
import { thisSystem, type WindowsSystem } from '../src/WindowsSystem.js'

const windows11 = { platform: 'win32', arch: 'x64', release: '10.0.22631', version: 'Windows 11 Pro', env: {} } as const
const wsl = {
  platform: 'linux',
  arch: 'x64',
  release: '5.15.153.1-microsoft-standard-WSL2',
  version: '#1 SMP',
} as const
const on = (overrides: Partial<WindowsSystem>) => windowsPlatform(thisSystem(overrides), {})

describe('windowsPlatform', () => {
  it.each<[string, Partial<WindowsSystem>, string | undefined]>([
    ['Windows 11', windows11, undefined],
    ['Windows 10', { ...windows11, release: '10.0.14393', version: 'Windows 10 Pro' }, undefined],
    ['Windows on ARM', { ...windows11, arch: 'arm64' }, undefined],
    [
      'Windows Server 2019',
      { ...windows11, release: '10.0.17763', version: 'Windows Server 2019 Standard' },
      undefined,
    ],
    ['Windows Server 2016', { ...windows11, release: '10.0.14393', version: 'Windows Server 2016' }, 'not_installed'],
    ['Windows 8.1', { ...windows11, release: '6.3.9600', version: 'Windows 8.1 Pro' }, 'not_installed'],
    ['WSL', wsl, undefined],
    ['WSL on ARM', { ...wsl, arch: 'arm64' }, 'wrong_architecture'],
    ['Linux', { ...wsl, release: '6.1.0-37-amd64' }, 'other_system'],
    ['macOS', { ...wsl, platform: 'darwin', release: '25.0.0' }, 'other_system'],
  ])('on %s', async (_name, system, state) => {
    const status = await on(system).check()
    expect(status?.state).toBe(state)
    if (status) expect(status.nextStep).toBeTruthy()
  })

  it('says which build to run where an x64 program on an arm64 machine fails to start', () => {
    const problem = { reason: 'start_failed', message: 'it failed', nextStep: 'none' } as const
    const arm = {
      ...windows11,
      env: { PROCESSOR_IDENTIFIER: 'ARMv8 (64-bit) Family 8 Model 1 Revision 201, Qualcomm' },
    }
    expect(on(arm).explain!(problem)).toEqual({
      state: 'wrong_architecture',
      message: 'it failed',
      nextStep: 'Run the arm64 build of this program, not x64',
    })
    expect(on({ ...arm, arch: 'arm64' }).explain!(problem)).toBeUndefined()
    expect(on(windows11).explain!(problem)).toBeUndefined()
    expect(on(arm).explain!({ ...problem, reason: 'library_missing' })).toBeUndefined()
  })

  it('says what Windows has to do where it does not answer from WSL', () => {
    const problem = { reason: 'start_failed', message: 'it failed', nextStep: 'none' } as const
    expect(on(wsl).explain!(problem)).toMatchObject({
      state: 'not_installed',
      message: expect.stringContaining('it failed'),
      nextStep: expect.stringContaining('interop'),
    })
    expect(on(wsl).explain!({ ...problem, reason: 'library_missing' })).toBeUndefined()
  })

  it('names redirect URIs as the broker wants them', () => {
    const { redirectUri, redirectUrisToRegister } = on(windows11)
    expect(redirectUri('app')).toBe('https://login.microsoftonline.com/common/oauth2/nativeclient')
    expect(redirectUrisToRegister('app')).toEqual(['ms-appx-web://Microsoft.AAD.BrokerPlugin/app'])
    expect(on(windows11).namesRedirectUriSilently).toBe(false)
    expect(on(wsl).namesRedirectUriSilently).toBe(true)
  })

  it('has any window in WSL', async () => {
    expect(await on(wsl).consoleWindow()).toBe(1n)
  })
})
