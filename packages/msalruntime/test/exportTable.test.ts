import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { msalRuntimeFile } from '../../../tools/nativeBroker/msalRuntimeFile.ts'
import { exportTable, macExportTable } from '../src/native/exportTable.js'

const names = [...Object.keys(exportTable), ...Object.keys(macExportTable)]

/** The functions that a library names; every format has its exports' names as text between NULs, macOS with an underscore in front. */
function named(path: string): Set<string> {
  const found = readFileSync(path, 'latin1').matchAll(/(?<=\0_?)MSALRUNTIME_(\w+)(?=\0)/g)
  return new Set([...found].map(([, name]) => name!))
}

const files = globSync(['**/libmsalruntime*.{so,dylib}', '**/msalruntime*.dll'], { cwd: msalRuntimeFile() })

test('there are eight libraries in the package', () => {
  expect(files).toHaveLength(8)
})

describe.each(files)('%s', (file) => {
  const has = named(msalRuntimeFile(file))
  test('has every function of the table', () => {
    const wanted = file.endsWith('.dylib') ? names : Object.keys(exportTable)
    expect(wanted.filter((name) => !has.has(name))).toEqual([])
  })
  test('has no other, but for those that only its own tests need', () => {
    expect([...has].filter((name) => !names.includes(name) && !name.endsWith('ForTest'))).toEqual([])
  })
})
