import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { findRootWindow } from '../src/findRootWindow.js'
import { thisSystem } from '../src/LinuxSystem.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`findRootWindow${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  const system = thisSystem({
    env: { DISPLAY: ':0' },
    library: (name) => (name === 'libX11.so.6' ? standIn.path : name),
  })
  beforeEach(() => standIn.reset())
  afterAll(() => standIn.remove())

  it('gives the root window of the display, and leaves no connection', async () => {
    standIn.set('rootWindow', 0x1_8000_0000)
    expect(await findRootWindow(system)).toBe(0x1_8000_0000n)
    expect(standIn.count('XOpenDisplay')).toBe(1)
    expect(standIn.count('XCloseDisplay')).toBe(1)
    expect(standIn.misuses().amount).toBe(0)
  })

  it('gives 1 where the display does not open, or is none, or there is no X11', async () => {
    standIn.set('display', 'none')
    expect(await findRootWindow(system)).toBe(1n)
    expect(await findRootWindow({ ...system, env: {} })).toBe(1n)
    expect(standIn.count('XOpenDisplay')).toBe(1)
    expect(await findRootWindow({ ...system, library: () => '/nowhere/libX11.so.6' })).toBe(1n)
  })
})
