import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root } from '../root.ts'
import type { Gate } from './gate.ts'

/** What no tracked file holds: it is true of one machine only. */
const FORBIDDEN: [what: string, pattern: RegExp][] = [
  ['a registry host', /\bregistry\.[a-z0-9-]+\.[a-z]{2,}/i],
  ['a path of somebody’s machine', /(?<![\w.])\/(?:home|Users)\/[a-z]/],
  ['the path of this checkout', new RegExp(`(?<![\\w.])${RegExp.escape(root)}(?![\\w-])`)],
  ['the home folder of this machine', new RegExp(`(?<![\\w.)}])${RegExp.escape(homedir())}/`)],
]

export const words: Gate = {
  name: 'words',
  checks: () => [
    {
      name: 'tracked files',
      run() {
        const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')
        const found = files.filter((path) => path !== '' && existsSync(join(root, path))).flatMap(search)
        if (found.length > 0) throw new Error(found.join('\n'))
      },
    },
    {
      name: 'the lock file holds no address',
      run() {
        const [address] = /\w+:\/\/\S*/.exec(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')) ?? []
        if (address) throw new Error(`pnpm-lock.yaml holds ${address}`)
      },
    },
  ],
}

function search(path: string): string[] {
  const lines = readFileSync(join(root, path), 'utf8').split('\n')
  return lines.flatMap((line, index) =>
    FORBIDDEN.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${path}:${index + 1} holds ${what}`),
  )
}
