/** The value below which the given share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  if (value === undefined) throw new Error('Cannot take a quantile of nothing')
  return value
}

/** The middle value. */
export const median = (values: readonly number[]): number => quantile(values, 0.5)
