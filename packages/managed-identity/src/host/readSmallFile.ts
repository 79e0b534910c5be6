import type { FileLimits } from './ManagedIdentityHost.js'
import type { nodeModule } from './nodeModules.js'

/**
 * Reads a small regular file: what was checked is what is read, as both happen on the open file.
 *
 * @param fs Node's `node:fs`.
 * @param path Which file.
 * @param limits What it must be.
 * @returns Its text.
 * @throws {Error} when it is not there, or is not what it must be.
 */
export async function readSmallFile(
  { constants, promises }: NonNullable<ReturnType<typeof nodeModule<'fs'>>>,
  path: string,
  { maxBytes, followLinks }: FileLimits,
): Promise<string> {
  // Windows cannot open without following, so that there it is looked at first.
  if (!followLinks && (await promises.lstat(path)).isSymbolicLink()) throw new Error('it is a link')
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants // the last: a pipe must not keep us waiting
  const file = await promises.open(path, O_RDONLY | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW))
  try {
    const { size, isFile } = await statusOf(file)
    if (!isFile) throw new Error('it is not a file')
    if (size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`)
    const bytes = new Uint8Array(maxBytes + 1)
    let length = 0
    for (let read = -1; read !== 0 && length <= maxBytes; length += read)
      read = (await file.read(bytes, length, bytes.length - length)).bytesRead
    if (length > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`)
    return new TextDecoder().decode(bytes.subarray(0, length))
  } finally {
    await file.close()
  }
}

async function statusOf(file: {
  stat(): Promise<{ readonly size: number; isFile(): boolean }>
}): Promise<{ size: number; isFile: boolean }> {
  const status = await file.stat()
  return { size: status.size, isFile: status.isFile() }
}
