import { closeSync, fsync, fsyncSync, openSync } from 'node:fs'
import process from 'node:process'

/** How long, in milliseconds, changes of a folder are gathered. */
const PAUSE = 20

const waiting = /* @__PURE__ */ new Map<string, NodeJS.Timeout>()

/**
 * Makes sure that what happened to a folder's entries outlives a power failure.
 *
 * @param path The folder.
 */
export function syncFolder(path: string): Promise<void> {
  return new Promise((resolve) => {
    const folder = open(path)
    if (folder === undefined) return resolve()
    fsync(folder, () => {
      closeSync(folder)
      resolve()
    })
  })
}

/**
 * Does the same in a moment, or when the process ends: once for all that happened until then. Sooner it would keep the next write
 * waiting, because a file system does not make a file while it writes down what came before.
 *
 * @param path The folder.
 */
export function syncFolderSoon(path: string): void {
  if (waiting.has(path)) return
  if (waiting.size === 0) process.once('exit', syncNow)
  waiting.set(path, setTimeout(end, PAUSE, path).unref())
}

function end(path: string): void {
  clearTimeout(waiting.get(path))
  waiting.delete(path)
  if (waiting.size === 0) process.off('exit', syncNow)
  void syncFolder(path)
}

function syncNow(): void {
  for (const path of waiting.keys()) {
    const folder = open(path)
    if (folder === undefined) continue
    try {
      fsyncSync(folder)
    } catch {
      // As above.
    } finally {
      closeSync(folder)
    }
  }
}

/** Windows and some network file systems have no such thing. */
function open(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
}
