import type { AuthError } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'
import { isAbsolute, resolve } from 'node:path'
import type { Trust } from './file/trust.js'
import type { LockOptions } from './lock/withLock.js'
import type { Machine } from './machine.js'

/** What every cache in a file takes. */
export interface CacheOptions {
  /** How long to wait for another process that writes, in milliseconds. Default 30,000. */
  readonly lockTimeout?: number | undefined
  /**
   * Uses files that are symbolic links, belong to another user, or can be opened by others. Such a file may be somebody's trap, and
   * whoever can read it has the tokens.
   */
  readonly allowUntrustedFile?: boolean | undefined
  /**
   * Is given the report (`cache_corrupt`) of a damaged cache that was moved aside; the cache then goes on empty. Without it the call
   * that finds the damage rejects with the report, once.
   */
  readonly onCorrupt?: ((error: AuthError) => void) | undefined
  /** The environment variables. Default those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** The same, checked. */
export interface CheckedOptions {
  readonly machine: Machine
  readonly lock: LockOptions
  readonly trust: Trust
  readonly onCorrupt: ((error: AuthError) => void) | undefined
}

/**
 * Checks what every cache takes.
 *
 * @param options As given.
 * @param machine This machine, or one of a test.
 * @returns The options, complete.
 * @throws {TypeError} where one is wrong.
 */
export function checkOptions(options: CacheOptions, machine: Machine): CheckedOptions {
  expect(typeof options === 'object' && options !== null, 'the options', 'an object')
  const { lockTimeout = 30_000, allowUntrustedFile = false, onCorrupt, env = machine.env, now = machine.now } = options
  expect(Number.isFinite(lockTimeout) && lockTimeout >= 0, 'lockTimeout', 'milliseconds')
  expect(typeof allowUntrustedFile === 'boolean', 'allowUntrustedFile', 'a boolean')
  expect(onCorrupt === undefined || typeof onCorrupt === 'function', 'onCorrupt', 'a function')
  expect(typeof env === 'object' && env !== null, 'env', 'an object of variables')
  expect(typeof now === 'function', 'now', 'a function')
  const own: Machine = { ...machine, env, now }
  const trust = { anyFile: allowUntrustedFile, machine: own }
  return { machine: own, lock: { timeout: lockTimeout, machine: own }, trust, onCorrupt }
}

/**
 * Checks a path.
 *
 * @param path As given.
 * @param name The option.
 * @returns The path from the root, so that a later change of the working folder means nothing.
 * @throws {TypeError} where it is none.
 */
export function checkPath(path: unknown, name: string): string {
  expect(typeof path === 'string' && path !== '' && !path.includes('\0'), name, 'a path')
  return isAbsolute(path) ? path : resolve(path)
}
