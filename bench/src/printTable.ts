import { isKept, type Cell, type Limit, type Table } from './measurement.ts'

/**
 * Lays a table out as Markdown whose columns also line up in a terminal.
 *
 * @param table The table.
 * @returns The text, notes included.
 */
export function printTable({ title, columns, rows, notes = [] }: Table): string {
  const texts = [columns, ...rows].map((row) => row.map(printCell))
  const widths = columns.map((_, index) => Math.max(3, ...texts.map((row) => row[index]?.length ?? 0)))
  const numeric = columns.map((_, index) => rows.some((row) => typeof row[index] === 'number'))
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, index) => (numeric[index] ? text.padStart(widths[index]!) : text.padEnd(widths[index]!))).join(' | ')} |`
  const rule = `|${widths.map((width, index) => '-'.repeat(width + 1) + (numeric[index] ? ':' : '-')).join('|')}|`
  const [head = [], ...body] = texts
  return [`### ${title}`, '', line(head), rule, ...body.map(line), ...notes.flatMap((note) => ['', note]), ''].join(
    '\n',
  )
}

/**
 * Puts limits into a table.
 *
 * @param limits The limits.
 * @returns The table.
 */
export function limitTable(limits: readonly Limit[]): Table {
  return {
    title: 'Limits',
    columns: ['what', 'measured', 'limit', ''],
    rows: limits.map((limit) => [
      limit.what,
      limit.value,
      `${limit.relation} ${printCell(limit.limit)}`,
      isKept(limit) ? 'ok' : `over${limit.exact ? '' : ' (timed: may be the machine)'}`,
    ]),
  }
}

function printCell(cell: Cell): string {
  if (typeof cell !== 'number') return cell ?? '–'
  if (Number.isInteger(cell)) return cell.toLocaleString('en')
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(cell))))
  return cell.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
