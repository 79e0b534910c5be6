import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { thisSystem } from '../src/MacSystem.js'
import { openRunLoop } from '../src/openRunLoop.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`openRunLoop${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  const asked: string[] = []
  const system = thisSystem({
    library(name) {
      asked.push(name)
      return standIn.path
    },
  })
  beforeEach(() => {
    standIn.reset()
    return () => expect(standIn.misuses()).toMatchObject({ amount: 0 })
  })
  afterAll(() => standIn.remove())

  it('runs the loop, and makes no application for what shows nothing', async () => {
    const loop = await openRunLoop(system)
    loop!.serve(false)
    loop!.serve(false)
    expect(standIn.count('CFRunLoopRunInMode')).toBe(2)
    expect(standIn.count('sharedApplication')).toBe(0)
    expect(new Set(asked)).toEqual(
      new Set([
        '/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation',
        '/System/Library/Frameworks/AppKit.framework/AppKit',
        '/usr/lib/libobjc.A.dylib',
      ]),
    )
  })

  it('makes one application for windows', async () => {
    const loop = await openRunLoop(system)
    for (let turn = 0; turn < 3; turn++) loop!.serve(true)
    expect(standIn.count('sharedApplication')).toBe(1)
    expect(standIn.count('finishLaunching')).toBe(1)
    expect(standIn.count('nextEventMatchingMask:untilDate:inMode:dequeue:')).toBe(3)
    expect(standIn.count('sendEvent:')).toBe(0)
  })

  it('leaves a program alone that runs the loop itself', async () => {
    standIn.set('application', 'running')
    expect(await openRunLoop(system)).toBeUndefined()
    standIn.set('application', 'made, not running')
    expect(await openRunLoop(system)).toBeDefined()
  })
})
