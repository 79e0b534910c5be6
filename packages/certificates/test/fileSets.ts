import committed from './fixtures/files.json' with { type: 'json' }
import { makeFiles, type Files } from './makeFiles.js'

/** The committed files, and the same made now where an openssl is here that can. */
export const fileSets: readonly (readonly [name: string, files: Files, skip: boolean])[] = [
  ['committed files', committed, false],
  ['files made now', ...makeNow()],
]

function makeNow(): [Files, boolean] {
  try {
    return [makeFiles(), false]
  } catch (error) {
    console.warn(
      `Tests with files made now are skipped: openssl 3 with its legacy provider is needed (${String(error)})`,
    )
    return [committed, true]
  }
}
