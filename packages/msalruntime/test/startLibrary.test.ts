import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findLibrary, loadLibrary, thisSystem, type FoundLibrary } from '../src/native/loadLibrary.js'
import { startLibrary } from '../src/native/startLibrary.js'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const workers = (): number => (process.report.getReport() as unknown as { workers: unknown[] }).workers.length
const start = async (given: Partial<FoundLibrary>, load = loadLibrary) => {
  const before = workers()
  const found = { ...(findLibrary(thisSystem(), import.meta.filename) as FoundLibrary), ...given }
  const problem = await startLibrary(thisSystem(), found, load, undefined)
  // The thread is gone, too.
  await expect.poll(workers).toBe(before)
  return problem
}

test('koffi that does not load is a package to install', async () => {
  const reason = 'package_missing'
  expect(await start({ koffiPath: join(folder, 'koffi.cjs') })).toMatchObject({
    reason,
    message: 'the package koffi is not installed',
  })
  expect(await start({ koffiPath: file('broken.cjs', 'throw new Error("of the test")') })).toMatchObject({
    reason,
    message: 'the package koffi does not load',
  })
})

test('a library that is none does not load', async () => {
  expect(await start({ path: file('libmsalruntime.so', 'no library') })).toMatchObject({ reason: 'library_missing' })
})

test.skipIf(process.platform !== 'linux')('a library of something else is told apart', async () => {
  expect(await start({ path: 'libc.so.6' })).toMatchObject({
    reason: 'library_missing',
    message: 'the library libc.so.6 does not load',
  })
})

test('a thread that does not begin is why it does not start', async () => {
  const koffiPath = file(
    'once.cjs',
    `if (require('node:worker_threads').threadId !== ${threadId}) throw new Error('in it')`,
  )
  const load = (() => ({})) as unknown as typeof loadLibrary
  expect(await start({ koffiPath }, load)).toMatchObject({
    reason: 'start_failed',
    message: expect.stringContaining('in it'),
  })
})
