import { createRequire } from 'node:module'
import { dirname } from 'node:path'

/** Finds the folder of a package among the tools. */
export const folderOf = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
