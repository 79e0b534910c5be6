import type { CreateSubject } from './subject.ts'

const loaders = {
  'latchkey memory': async () => (await import('./latchkey.ts')).latchkeyMemory,
  'latchkey serializable': async () => (await import('./latchkey.ts')).latchkeySerializable,
  'msal-node': async () => (await import('./msalNode.ts')).msalNode,
  floor: async () => (await import('./floor.ts')).floor,
} satisfies Record<string, () => Promise<CreateSubject>>

/** What is measured with a cache. */
export type SubjectName = keyof typeof loaders

/**
 * Loads a subject only where it is measured, so that it does not share a process with the code of the others.
 *
 * @param name Which.
 * @returns What makes it.
 */
export const loadSubject = (name: SubjectName): Promise<CreateSubject> => loaders[name]()
