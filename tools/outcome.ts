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
  if (outcome.detail) console.log(outcome.detail.replace(/^/gm, '      '))
  return outcome
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
