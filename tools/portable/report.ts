import { runAll, type TestResult } from './vitest.ts'

/** What the globals say about the runtime that this is, seen from inside. */
export interface Fingerprint {
  deno: string | undefined
  bun: string | undefined
  node: string | undefined
  edge: string | undefined
  userAgent: string | undefined
  process: string
  buffer: string
}

export interface Report {
  runtime: Fingerprint
  results: TestResult[]
}

const rejections: string[] = []
const globals = globalThis as any
globals.addEventListener?.('unhandledrejection', (event: { reason: unknown; preventDefault(): void }) => {
  rejections.push(event.reason instanceof Error ? (event.reason.stack ?? event.reason.message) : String(event.reason))
  event.preventDefault()
})

/** Runs the bundled tests here and tells what came out of it, and where "here" is. */
export async function report(): Promise<Report> {
  const results = await runAll()
  // Rejections are reported after the microtasks of the last test.
  await new Promise((resolve) => setTimeout(resolve, 0))
  for (const error of rejections) results.push({ name: 'unhandled rejection', state: 'failed', error })
  return {
    runtime: {
      deno: globals.Deno?.version?.deno,
      bun: globals.Bun?.version,
      node: globals.process?.versions?.node,
      edge: typeof globals.EdgeRuntime === 'string' ? globals.EdgeRuntime : undefined,
      userAgent: globals.navigator?.userAgent,
      process: typeof globals.process,
      buffer: typeof globals.Buffer,
    },
    results,
  }
}
