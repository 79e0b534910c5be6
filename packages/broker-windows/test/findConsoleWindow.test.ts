import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { findConsoleWindow } from '../src/findConsoleWindow.js'
import { thisSystem } from '../src/WindowsSystem.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`findConsoleWindow${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  const asked: string[] = []
  const system = thisSystem({
    library(name) {
      asked.push(name)
      return standIn.path
    },
  })
  beforeEach(() => standIn.reset())
  afterAll(() => standIn.remove())

  it.each([
    [
      'the window that owns the console, as in Windows Terminal',
      { consoleWindow: 7, ancestor: 0x1_0000_0001 },
      0x1_0000_0001n,
    ],
    ['the console itself where nothing owns it', { consoleWindow: 7, ancestor: 0 }, 7n],
    ['the desktop where there is no console', { consoleWindow: 0, ancestor: 9, desktopWindow: 65_552 }, 65_552n],
    ['never 0', { consoleWindow: 0, desktopWindow: 0 }, 1n],
  ])('gives %s', async (_name, windows, expected) => {
    for (const [name, value] of Object.entries(windows)) standIn.set(name, value)
    expect(await findConsoleWindow(system)).toBe(expected)
    expect(standIn.told('ancestor of')).toBe(windows.consoleWindow ? `${windows.consoleWindow} 3` : null)
    expect(new Set(asked)).toEqual(new Set(['user32.dll', 'kernel32.dll']))
  })
})
