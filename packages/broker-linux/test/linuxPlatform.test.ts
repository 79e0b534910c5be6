import { describe, expect, it } from 'vitest'
import { linuxPlatform } from '../src/linuxPlatform.js'
import { thisSystem, type LinuxSystem } from '../src/LinuxSystem.js'

const linux = { platform: 'linux', arch: 'x64', release: '6.1.0-37-amd64', env: {}, exists: () => false } as const
const wsl = { release: '5.15.167.4-microsoft-standard-WSL2' }
const on = (overrides: Partial<LinuxSystem>) => linuxPlatform(thisSystem({ ...linux, ...overrides }), {})
const problem = { reason: 'start_failed', message: 'it failed', nextStep: 'none' } as const

describe('linuxPlatform', () => {
  it.each<[string, Partial<LinuxSystem>, string | undefined]>([
    ['Linux', {}, undefined],
    ['WSL', wsl, undefined],
    ['Linux on ARM', { arch: 'arm64' }, 'wrong_architecture'],
    ['Windows', { platform: 'win32' }, 'other_system'],
    ['macOS', { platform: 'darwin' }, 'other_system'],
  ])('on %s', async (_name, system, state) => {
    const status = await on(system).check()
    expect(status?.state).toBe(state)
    if (status) expect(status.nextStep).toBeTruthy()
  })

  it('tells a missing bus from a missing broker', () => {
    const explained = (system: Partial<LinuxSystem>) => on(system).explain!(problem)?.state
    expect(explained({})).toBe('start_error')
    expect(explained({ env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus' } })).toBe('not_installed')
    const env = { XDG_RUNTIME_DIR: '/run/user/1000' }
    expect(explained({ env })).toBe('start_error')
    expect(explained({ env, exists: (path) => path === '/run/user/1000/bus' })).toBe('not_installed')
  })

  it('says of WSL what Windows has to do, and names its redirect URI, too', () => {
    expect(on(wsl).explain!(problem)).toMatchObject({
      state: 'not_installed',
      nextStep: expect.stringContaining('interop'),
    })
    expect(on(wsl).redirectUrisToRegister('app')).toEqual([
      'https://login.microsoftonline.com/common/oauth2/nativeclient',
      'ms-appx-web://Microsoft.AAD.BrokerPlugin/app',
    ])
  })

  it('leaves to the library what it says better itself', () => {
    for (const reason of ['library_missing', 'package_missing'] as const)
      expect(on({}).explain!({ ...problem, reason })).toBeUndefined()
  })

  it('names one redirect URI for all', () => {
    const uri = 'https://login.microsoftonline.com/common/oauth2/nativeclient'
    expect(on({}).redirectUri('app')).toBe(uri)
    expect(on({}).redirectUrisToRegister('app')).toEqual([uri])
  })
})
