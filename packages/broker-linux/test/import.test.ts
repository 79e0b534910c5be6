import { afterEach, beforeEach, expect, it, vi } from 'vitest'

vi.mock('koffi', () => {
  throw new Error('koffi was loaded')
})

const { platform } = process
beforeEach(() => vi.resetModules())
afterEach(() => void Object.defineProperty(process, 'platform', { value: platform }))

it.each(['win32', 'darwin', 'linux', 'freebsd'])(
  'on %s, importing it and making a broker loads nothing',
  async (name) => {
    Object.defineProperty(process, 'platform', { value: name })
    const module = await import('@latchkey/broker-linux')
    expect(Object.keys(module).sort()).toEqual(['linuxBroker', 'consoleWindow', 'redirectUriFor'].sort())
    const { isAvailable, status } = module.linuxBroker()
    expect([typeof isAvailable, typeof status]).toEqual(['function', 'function'])
  },
)
