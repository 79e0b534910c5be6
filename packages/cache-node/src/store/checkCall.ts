import { expect } from '@latchkey/core/internal'

/**
 * Checks a partition.
 *
 * @param partition As given.
 * @throws {TypeError} where it is not a text.
 */
export function checkPartition(partition: unknown): asserts partition is string {
  expect(typeof partition === 'string', 'partition', 'a string')
}

/**
 * Checks what changes a document.
 *
 * @param next As given.
 * @throws {TypeError} where it is not a function.
 */
export function checkNext(next: unknown): void {
  expect(typeof next === 'function', 'next', 'a function')
}
