import { findNode } from './findNode.ts'

/**
 * The Node between the oldest supported one and that of the tests.
 *
 * @returns Path of the executable.
 */
export const findNode22 = (): Promise<string> => findNode('22.23.3')
