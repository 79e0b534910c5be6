import { findNode } from './findNode.ts'

/**
 * The oldest supported Node: the lowest version that the packages' `engines` promise.
 *
 * @returns Path of the executable.
 */
export const findNode20 = (): Promise<string> => findNode('20.19.0')
