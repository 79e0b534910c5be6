/** What came of one test. */
export interface Outcome {
  name: string
  state: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  detail?: string | undefined
}

/** A part of `npm test`. */
export interface Suite {
  name: string
  /** One line for `--list`. */
  about: string
  run(options: { update: boolean; verbose: boolean }): Promise<Outcome[]>
}

/** Thrown by a check that cannot run on this machine; the message says why and how to change that. */
export class Skipped extends Error {}

/** Runs one check, prints a line about it, and never throws. */
export async function check(name: string, body: () => unknown): Promise<Outcome> {
  const started = performance.now()
  const outcome = await settle(name, body)
  const sign = { passed: '✓', failed: '✗', skipped: '-' }[outcome.state]
  console.log(`  ${sign} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  if (outcome.detail) console.log(excerpt(outcome.detail, 80))
  return outcome
}

/** The first lines of a text, indented. */
export function excerpt(text: string, limit: number): string {
  const lines = text.trim().split('\n')
  const more = lines.length > limit ? [`… ${lines.length - limit} more lines`] : []
  return [...lines.slice(0, limit), ...more].join('\n').replace(/^/gm, '      ')
}

async function settle(name: string, body: () => unknown): Promise<Outcome> {
  try {
    await body()
    return { name, state: 'passed' }
  } catch (thrown) {
    const state = thrown instanceof Skipped ? 'skipped' : 'failed'
    return { name, state, detail: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}
