/** Why a file cannot be read, in words that continue "Cannot read the PFX: ". */
export class Unreadable extends Error {}

/** Where it cannot be read because of the passphrase, as far as anybody can tell. */
export class WrongPassphrase extends Unreadable {
  /** One reason for every way in which it shows. */
  constructor() {
    super('the passphrase is wrong, or the file is damaged')
  }
}

/**
 * Reads a file that may hold anything.
 *
 * @param what The kind of the file.
 * @param size Its size in bytes.
 * @param read Reads it.
 * @returns What `read` does.
 * @throws {TypeError} with the reason, and nothing of what is in the file.
 */
export async function readUntrusted<T>(what: 'PFX' | 'PEM', size: number, read: () => Promise<T>): Promise<T> {
  try {
    if (size > 1024 * 1024) throw new Unreadable('it is larger than 1 MiB')
    return await read()
  } catch (error) {
    const reason = error instanceof Unreadable ? error.message : `it is damaged, or not a ${what}`
    // What was thrown may quote the file: it does not become the cause.
    // oxlint-disable-next-line eslint/preserve-caught-error
    throw new TypeError(`Cannot read the ${what}: ${reason}`)
  }
}
