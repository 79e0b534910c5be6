import { fsync, fsyncSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { syncFolder, syncFolderSoon } from '../src/file/syncFolder.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  return { ...real, fsync: vi.fn(real.fsync), fsyncSync: vi.fn(real.fsyncSync) }
})

describe('what happened to a folder', () => {
  beforeEach(() => {
    vi.clearAllMocks()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => void vi.useRealTimers())

  it('is written down once for all changes of a moment', () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()]
    for (let count = 0; count < 10; count++) syncFolderSoon(one)
    syncFolderSoon(other)
    expect(fsync).not.toHaveBeenCalled()
    vi.advanceTimersByTime(20)
    expect(fsync).toHaveBeenCalledTimes(2)
    syncFolderSoon(one)
    vi.advanceTimersByTime(20)
    expect(fsync).toHaveBeenCalledTimes(3)
  })

  it('is written down before the process ends', () => {
    const before = process.listenerCount('exit')
    for (const path of [temporaryFolder(), join(temporaryFolder(), 'gone'), temporaryFolder()]) syncFolderSoon(path)
    expect(process.listenerCount('exit')).toBe(before + 1)
    process.listeners('exit').at(-1)!(0)
    expect(fsyncSync).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(20)
    expect(process.listenerCount('exit')).toBe(before)
  })

  it('is no error where there is nothing to write down', async () => {
    await expect(syncFolder(join(temporaryFolder(), 'gone'))).resolves.toBeUndefined()
    expect(fsync).not.toHaveBeenCalled()
  })
})
