import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { isKept, type Findings } from '../src/measurement.ts'
import { printTable } from '../src/printTable.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const bench = (...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })

describe('the command', () => {
  it('prints tables and writes the same figures to a file', async () => {
    const file = join(folder, 'figures.json')
    const { code, stdout, stderr } = await bench('--quick', '--only', 'coalescing,size', '--json', file)
    const { results } = JSON.parse(readFileSync(file, 'utf8')) as { results: Record<string, Findings> }
    expect(Object.keys(results)).toEqual(['size', 'coalescing'])
    const { size, coalescing } = results
    for (const { tables, limits } of [size!, coalescing!]) {
      for (const table of tables) expect(stdout).toContain(printTable(table))
      expect(limits).toHaveLength(1)
    }
    const kept = [...size!.limits, ...coalescing!.limits].every(isKept)
    expect(code, stderr).toBe(kept ? 0 : 1)
    const programs = ['latchkey', 'oauth4webapi', 'msal-node', 'azure-identity', 'floor']
    expect(size!.tables[0]!.rows.map(([program]) => program)).toEqual(programs)
    expect(coalescing!.tables[0]!.rows.map(([program, requests]) => [program, requests])).toEqual(
      programs.map((program) => [program, program === 'latchkey' ? 1 : 200]),
    )
  })

  it('lists the same users with every library', async () => {
    const file = join(folder, 'accounts.json')
    const { code, stderr } = await bench('--quick', '--only', 'account-listing', '--json', file)
    expect(code, stderr).toBe(0)
    const { results } = JSON.parse(readFileSync(file, 'utf8')) as { results: Record<string, Findings> }
    const [row] = results['account-listing']!.tables[0]!.rows
    expect(row).toEqual([100, 400, ...Array.from({ length: 5 }, () => expect.any(Number) as number)])
  })

  it('keeps tokens in files with every library, and loses none of ours', async () => {
    const file = join(folder, 'files.json')
    const { stderr } = await bench('--quick', '--only', 'file-cache,file-writers', '--json', file)
    const { results } = JSON.parse(readFileSync(file, 'utf8')) as { results: Record<string, Findings> }
    const { 'file-cache': one, 'file-writers': many } = results
    expect(one!.tables[0]!.rows, stderr).toHaveLength(6)
    for (const row of one!.tables[0]!.rows) expect(row[2]).toBeGreaterThan(0)
    const exact = many!.limits.filter(({ exact }) => exact)
    expect(exact.map(({ value }) => value)).toEqual([40, 40])
    const rows = many!.tables[0]!.rows.map(([cache]) => String(cache).split(':')[0])
    const extensions = ['MSAL Extensions for Python', 'MSAL Extensions for Node']
    expect(rows).toEqual(['fileCache', 'msalFileCache', ...extensions])
  })

  it('refuses what it cannot measure and says what it can', async () => {
    const { code, stdout, stderr } = await bench('--only', 'size,speed')
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('There is no measurement speed')
    expect(stderr).toContain('coalescing')
  })

  it('explains itself', async () => {
    const { code, stdout } = await bench('--help')
    expect(code).toBe(0)
    expect(stdout).toContain('--quick')
  })
})

describe('printTable', () => {
  it('lines numbers up and prints three digits', () => {
    const rows = [
      ['a', 12_345],
      ['b', 1.2345],
      ['c', undefined],
    ] as const
    expect(printTable({ title: 'T', columns: ['name', 'n'], rows, notes: ['Note.'] })).toBe(
      [
        '### T',
        '',
        '| name |      n |',
        '|------|-------:|',
        '| a    | 12,345 |',
        '| b    |   1.23 |',
        '| c    |      – |',
        '',
        'Note.',
        '',
      ].join('\n'),
    )
  })
})

describe('isKept', () => {
  it.each([
    ['at most', 2, true],
    ['at most', 2.01, false],
    ['at least', 2, true],
    ['at least', 1.99, false],
    ['exactly', 2, true],
    ['exactly', 1, false],
  ] as const)('%s 2: %d', (relation, value, kept) => {
    expect(isKept({ what: '', value, limit: 2, relation })).toBe(kept)
  })
})
