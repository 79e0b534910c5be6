import { AuthError } from '@latchkey/core'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { borrowTicket } from '../src/lock/borrowTicket.js'
import { lookAtFile } from '../src/lock/exclusiveFile.js'
import type { Flock } from '../src/lock/flock.js'
import { processText } from '../src/lock/lockOwner.js'
import { takeOver, watchLocks } from '../src/lock/takeOver.js'
import { withLock, type LockOptions } from '../src/lock/withLock.js'
import { thisMachine, type Machine } from '../src/machine.js'
import { bundleProgram, runWriter } from './fixtures/runWriter.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'

/** A machine whose waiting takes no time. */
function quickMachine(overrides: Partial<Machine> = {}): { machine: Machine; waited: () => number } {
  let time = 0
  const machine = thisMachine({
    elapsed: () => time,
    async sleep(milliseconds) {
      time += milliseconds
      await new Promise((resolve) => setImmediate(resolve))
    },
    ...overrides,
  })
  return { machine, waited: () => time }
}

const lockIn = (folder: string): string => join(folder, 'tokens.lockfile')

/** Takes a lock that somebody else has left, and says after how long, in milliseconds of a made-up clock. */
async function takeAfter(text: string, overrides: Partial<Machine> = {}, timeout = 60_000): Promise<number> {
  const folder = temporaryFolder()
  writeFileSync(lockIn(folder), text)
  const { machine, waited } = quickMachine(overrides)
  await withLock(lockIn(folder), { machine, timeout }, async () => {})
  expect(readdirSync(folder)).toEqual([])
  return waited()
}

/** A process that is over, and has been waited for. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid

async function startSleeper(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await once(child, 'close')
  })
  return child.pid!
}

describe('a lock is taken over', () => {
  it('at once where its process is over', async () => {
    expect(await takeAfter(await processText(thisMachine({ pid: deadPid() })))).toBeLessThan(10)
  })

  it('at once where its process id is another process by now', async () => {
    const [, name, start, ...rest] = (await processText(thisMachine())).split(' ')
    // On systems that do not tell when a process started, it takes the time of a doubtful owner.
    const expected = process.platform === 'win32' ? 10_000 : 0
    const text = [await startSleeper(), name, `${Number.parseInt(start!) + 1}`, ...rest].join(' ')
    expect(await takeAfter(text)).toBeGreaterThanOrEqual(expected)
    expect(await takeAfter(text)).toBeLessThan(expected + 1000)
  })

  it.skipIf(process.platform !== 'linux')('at once where its process is a zombie', async () => {
    // The shell's child ends, and the shell, stopped, does not wait for it.
    const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; kill -STOP $$'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [line] = (await once(shell.stdout, 'data')) as [Buffer]
    onTestFinished(() => void shell.kill('SIGKILL'))
    const pid = Number(String(line).trim())
    while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await new Promise((go) => setTimeout(go, 5))
    expect(
      await takeAfter(
        await processText(thisMachine({ pid: deadPid() })).then((text) => text.replace(/^\d+/, `${pid}`)),
      ),
    ).toBeLessThan(10)
  })

  it('after 2 s where another MSAL left it and its process is over: it might be in another container', async () => {
    const text = `${deadPid()} az`
    expect(await takeAfter(text)).toBeGreaterThanOrEqual(2000)
    expect(await takeAfter(text)).toBeLessThan(3000)
  })

  it.each([
    ['nothing is in it', () => ''],
    ['it makes no sense', () => 'not a process\u0000'],
    ['MSAL Node left it, and a process has its id', () => `${process.pid}`],
    ['MSAL Python left it, and a process has its id', () => `${process.pid} /usr/bin/az`],
  ])('after 10 s without a change where %s', async (_what, text) => {
    expect(await takeAfter(text())).toBeGreaterThanOrEqual(10_000)
    expect(await takeAfter(text())).toBeLessThan(11_000)
  })

  it('after 10 s without a sign of life where it is of another machine, container or start of the machine', async () => {
    const [pid, name, start, , ...rest] = (await processText(thisMachine({ pid: deadPid() }))).split(' ')
    const text = [pid, name, start, 'another-machine', ...rest].join(' ')
    expect(await takeAfter(text)).toBeGreaterThanOrEqual(10_000)
  })

  it('after 10 s without a sign of life where a thread of this process left it', async () => {
    expect(await takeAfter(await processText(thisMachine({ thread: 12_345 })))).toBeGreaterThanOrEqual(10_000)
  })

  it('wherever the clock is set meanwhile', async () => {
    let days = 0
    const now = (): number => Date.now() + 86_400_000 * (days = 1 - days * 2)
    expect(await takeAfter(`${process.pid}`, { now })).toBeLessThan(11_000)
  })
})

describe('a lock is left alone', () => {
  it('by who saw its dead predecessor, and comes late to remove that', async () => {
    const folder = temporaryFolder()
    const path = lockIn(folder)
    writeFileSync(path, await processText(thisMachine({ pid: deadPid() })))
    const machine = thisMachine()
    const sight = lookAtFile(path)!
    const options = { machine, watch: watchLocks(machine) }
    await takeOver(path, sight, options)
    expect(readdirSync(folder)).toEqual([])
    await withLock(path, { machine, timeout: 30_000 }, async (lock) => {
      await Promise.all(Array.from({ length: 20 }, async () => takeOver(path, sight, options)))
      lock.check()
      expect(readdirSync(folder)).toEqual(['tokens.lockfile'])
    })
  })

  it('while its process lives, however long that is', async () => {
    const folder = temporaryFolder()
    const text = await processText(thisMachine({ pid: await startSleeper() }))
    writeFileSync(lockIn(folder), text)
    const { machine } = quickMachine()
    const taken = withLock(lockIn(folder), { machine, timeout: 120_000 }, async () => {})
    await expect(taken).rejects.toMatchObject({ code: 'cache_locked', suberror: 'lock_timeout' })
    await expect(taken).rejects.toBeInstanceOf(AuthError)
    await expect(taken).rejects.toThrow(/held by process \d+ for 120000 ms/)
    expect(readFileSync(lockIn(folder), 'utf8')).toBe(text)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('while somebody on another machine gives signs of life', async () => {
    const folder = temporaryFolder()
    const path = lockIn(folder)
    writeFileSync(path, '1 latchkey 5 another-machine 0 nonce')
    let beats = 0
    const { machine } = quickMachine()
    const sleep = async (milliseconds: number): Promise<void> => {
      await machine.sleep(milliseconds)
      const beat = Math.floor(machine.elapsed() / 2000)
      if (beat > beats) await utimes(path, (beats = beat), beat)
    }
    const taken = withLock(path, { machine: { ...machine, sleep }, timeout: 60_000 }, async () => {})
    await expect(taken).rejects.toMatchObject({ code: 'cache_locked' })
    expect(beats).toBeGreaterThan(20)
  })
})

describe('a lock that is held', () => {
  const options: LockOptions = { machine: thisMachine(), timeout: 30_000 }

  it('begins with the process id and a name, as those of other MSALs', async () => {
    const path = lockIn(temporaryFolder())
    await withLock(path, options, async () => {
      expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} latchkey [^\\n]+$`))
    })
    expect(existsSync(path)).toBe(false)
  })

  it('lets one in at a time, in the order in which they came', async () => {
    const path = lockIn(temporaryFolder())
    const order: number[] = []
    let inside = 0
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        withLock(path, options, async () => {
          expect(++inside).toBe(1)
          await new Promise((resolve) => setImmediate(resolve))
          order.push(index)
          inside--
        }),
      ),
    )
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order).toHaveLength(50)
  })

  it('is let go of after a failure, which is passed on', async () => {
    const path = lockIn(temporaryFolder())
    const reason = new Error('of the test')
    await expect(withLock(path, options, () => Promise.reject(reason))).rejects.toBe(reason)
    expect(existsSync(path)).toBe(false)
  })

  it('notices that it was taken over, and does not remove its successor', async () => {
    const folder = temporaryFolder()
    const path = lockIn(folder)
    const body = withLock(path, options, async (lock) => {
      lock.check()
      unlinkSync(path)
      writeFileSync(path, 'of another')
      lock.check()
    })
    await expect(body).rejects.toMatchObject({ code: 'cache_locked' })
    expect(readFileSync(path, 'utf8')).toBe('of another')
  })

  it('is not fooled by a link or a folder in its place', async () => {
    const folder = temporaryFolder()
    const target = join(folder, 'precious')
    writeFileSync(target, 'precious')
    symlinkSync(target, lockIn(folder))
    const { machine } = quickMachine()
    await withLock(lockIn(folder), { machine, timeout: 60_000 }, async () => {})
    expect(readFileSync(target, 'utf8')).toBe('precious')
    mkdirSync(join(folder, 'a'))
    mkdirSync(join(folder, 'a', 'tokens.lockfile'))
    const taken = withLock(join(folder, 'a', 'tokens.lockfile'), { machine, timeout: 60_000 }, async () => {})
    await expect(taken).rejects.toMatchObject({ code: 'cache_locked' })
  })
})

describe('locks that come in a row', () => {
  // However slow the machine: the row ends when the test says so.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())
  const options: LockOptions = { machine: thisMachine(), timeout: 30_000 }
  const isAside = (name: string): boolean => name.endsWith('.tmp')
  const many = Array.from({ length: 12 }, (_, index) => index)

  async function lockMany(folder: string, body = async (): Promise<void> => {}): Promise<number[]> {
    const inodes: number[] = []
    for (const index of many) {
      const path = join(folder, `tokens-${index % 3}.lockfile`)
      await withLock(path, options, async () => {
        inodes.push(lstatSync(path).ino)
        await body()
      })
    }
    return inodes
  }

  it('are one file in the end, which goes a moment after the last of them', async () => {
    const folder = temporaryFolder()
    const inodes = await lockMany(folder)
    expect(new Set(inodes.slice(-3)).size).toBe(1)
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^tokens-\d\.lockfile\.[0-9a-f]{16}\.tmp$/)])
    vi.advanceTimersByTime(1000)
    expect(readdirSync(folder)).toEqual([])
  })

  it('never look alike', async () => {
    const folder = temporaryFolder()
    const seen: string[] = []
    await lockMany(folder, async () => {
      const [name] = readdirSync(folder).filter((name) => !isAside(name))
      seen.push(lookAtFile(join(folder, name!))!.text)
    })
    expect(new Set(seen).size).toBe(many.length)
  })

  it('may be held at once, and each is its own', async () => {
    const folder = temporaryFolder()
    await lockMany(folder)
    const paths = many.map((index) => join(folder, `${index}.lockfile`))
    await Promise.all(
      paths.map(async (path, index) =>
        withLock(path, options, async (lock) => {
          for (let turn = 0; turn < index; turn++) await new Promise((resolve) => setImmediate(resolve))
          expect(() => lock.check()).not.toThrow()
          if (index % 2 === 1) return
          unlinkSync(path)
          expect(() => lock.check()).toThrow(AuthError)
        }),
      ),
    )
    vi.advanceTimersByTime(1000)
    expect(readdirSync(folder)).toEqual([])
  })

  it('go on where somebody sweeps the file away, or the whole folder', async () => {
    const folder = join(temporaryFolder(), 'inner')
    mkdirSync(folder)
    await lockMany(folder)
    rmSync(folder, { recursive: true })
    const path = lockIn(folder)
    await withLock(path, options, async (lock) => {
      expect(existsSync(path)).toBe(true)
      for (const name of readdirSync(folder).filter(isAside)) unlinkSync(join(folder, name))
      lock.check()
    })
    await withLock(path, options, async (lock) => lock.check())
    vi.advanceTimersByTime(1000)
    expect(readdirSync(folder)).toEqual([])
  })

  it('that share a file before it is kept take it from nobody', () => {
    const folder = temporaryFolder()
    const [one, two] = ['one', 'two'].map((name) => borrowTicket(join(folder, name), '1 latchkey', undefined))
    expect(one!.claim()?.isHeld()).toBe(true)
    const [aside, ...others] = readdirSync(folder).filter(isAside)
    expect(others).toEqual([])
    expect(two!.claim()?.isHeld()).toBe(true)
    expect(readdirSync(folder).filter(isAside)).toEqual([aside])
    for (const ticket of [one, two]) ticket!.giveBack()
    expect(readdirSync(folder)).toEqual(['one', 'two'])
  })

  it('leave nothing behind where the process ends at once', async () => {
    const folder = temporaryFolder()
    const program = await bundleProgram('writerProgram.ts', temporaryFolder())
    const tokens = many.map((index) => `${index}`)
    const { code, errors } = await runWriter(program, {
      kind: 'file',
      path: join(folder, 'tokens'),
      tokens,
      exit: true,
    })
    expect([code, errors]).toEqual([0, ''])
    expect(readdirSync(folder)).toEqual(['tokens'])
  })

  it.skipIf(process.platform === 'win32')(
    'give way to a program that has the lock of the system on that file',
    async () => {
      const folder = temporaryFolder()
      let isFree = true
      const unlocked: number[] = []
      const flock: Flock = { lock: () => isFree, unlock: (file) => void unlocked.push(file) }
      const path = lockIn(folder)
      const take = async (): Promise<string[]> =>
        withLock(path, { ...options, flock: async () => flock }, async () => readdirSync(folder).filter(isAside))
      for (const _ of many) await take()
      const kept = await take()
      expect(kept).toHaveLength(1)
      expect(await take()).toEqual(kept)
      expect(unlocked.length).toBeGreaterThan(0)
      isFree = false
      const other = await take()
      expect(other).toHaveLength(1)
      expect(other).not.toEqual(kept)
      vi.advanceTimersByTime(1000)
      expect(readdirSync(folder)).toEqual([])
    },
  )
})
