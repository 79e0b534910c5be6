/** In bytes; no certificate is larger. */
const LIMIT = 1024 * 1024

/**
 * Reads a certificate's files, such as the key's and its own, as the form holds them.
 *
 * @param files The files.
 * @returns PEM as it is, one text after the other; anything else in base64.
 * @throws {TypeError} when one is larger than 1 MiB.
 */
export async function openFiles(files: Iterable<File>): Promise<string> {
  return (await Promise.all(Array.from(files, openFile))).join('\n')
}

async function openFile(file: File): Promise<string> {
  if (file.size > LIMIT) throw new TypeError('Cannot open the file: expected at most 1 MiB')
  const bytes = new Uint8Array(await file.arrayBuffer())
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return text.includes('-----BEGIN ') ? text : btoa(text)
}
