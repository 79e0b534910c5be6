import { describe, expect, it } from 'vitest'
import { macBroker } from '../src/macBroker.js'
import { macPlatform } from '../src/macPlatform.js'
import { thisSystem, type MacSystem } from '../src/MacSystem.js'

const mac = {
  platform: 'darwin',
  release: '25.1.0',
  isMainThread: true,
  exists: (path: string) => path === '/Applications/Company Portal.app',
} as const
const on = (overrides: Partial<MacSystem>, bundleId?: string) =>
  macPlatform(thisSystem({ ...mac, ...overrides }), { bundleId })

describe('macPlatform', () => {
  it.each<[string, Partial<MacSystem>, string | undefined]>([
    ['macOS with Company Portal', {}, undefined],
    ['macOS without it', { exists: () => false }, 'not_installed'],
    ['macOS 11', { release: '20.6.0' }, 'not_installed'],
    ['a worker thread', { isMainThread: false }, 'start_error'],
    ['Linux', { platform: 'linux' }, 'other_system'],
    ['Windows', { platform: 'win32' }, 'other_system'],
  ])('on %s', async (_name, system, state) => {
    const status = await on(system).check()
    expect(status?.state).toBe(state)
    if (status) expect(status.nextStep).toBeTruthy()
  })

  it('names the redirect URI of an unsigned or a signed app', () => {
    expect(on({}).redirectUri('app')).toBe('msauth.com.msauth.unsignedapp://auth')
    expect(on({}, 'com.example.app').redirectUri('app')).toBe('msauth.com.example.app://auth')
    expect(on({}, 'com.example.app').redirectUrisToRegister('app')).toEqual(['msauth.com.example.app://auth'])
  })

  it.each(['', 'a b', 'com.example/../x', '.', 5])('refuses the bundle id %j', (bundleId) => {
    expect(() => macBroker({ bundleId: bundleId as string })).toThrow(TypeError)
  })
})
