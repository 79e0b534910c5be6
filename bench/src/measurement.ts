/** How a run was asked for. */
export interface RunOptions {
  /** Small sizes and few repetitions: shows that everything works, its times mean little. */
  readonly quick: boolean
  /** Is told what is being measured. */
  readonly progress: (message: string) => void
}

/** Rows of figures, the first of them named by `columns`. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** What a reader has to know. */
  readonly notes?: readonly string[]
}

/** Numbers are printed with three significant digits; an absent one was not measured. */
export type Cell = string | number | undefined

/** What is promised, beside what was measured. */
export interface Limit {
  readonly what: string
  readonly value: number
  readonly limit: number
  readonly relation: 'at most' | 'at least' | 'exactly'
  /** Does not depend on the machine: the run fails when it is missed. */
  readonly exact?: boolean
}

/** What one measurement found. */
export interface Findings {
  readonly tables: readonly Table[]
  readonly limits: readonly Limit[]
}

/** One thing to measure. */
export interface Measurement {
  readonly name: string
  readonly about: string
  run(options: RunOptions): Promise<Findings>
}

/** Whether a promise is kept. */
export function isKept({ value, limit, relation }: Limit): boolean {
  if (relation === 'exactly') return value === limit
  return relation === 'at most' ? value <= limit : value >= limit
}
