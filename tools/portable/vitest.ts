// Stands in for `vitest` where Vitest itself cannot run (workerd without Node compatibility, edge functions): the same
// expectations, and the part of its interface that the portable tests use. What is not here fails to bundle.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'
import { fn, spyOn } from '@vitest/spy'

type Body = (context: { expect: typeof expect; skip: (reason?: string) => never }) => unknown
type Row = readonly unknown[] | object | string | number | boolean | null
interface Suite {
  title: string
  parent?: Suite
  before: Body[]
  after: Body[]
  beforeEach: Body[]
  afterEach: Body[]
  children: (Suite | Test)[]
  skipped: boolean
}
interface Test {
  title: string
  body: Body
  timeout: number
  skipped: boolean
}
export interface TestResult {
  name: string
  state: 'passed' | 'failed' | 'skipped'
  error?: string | undefined
}

class Skip extends Error {}

const newSuite = (title: string, skipped: boolean, parent?: Suite): Suite => ({
  ...{ title, skipped, before: [], after: [], beforeEach: [], afterEach: [], children: [] },
  ...(parent ? { parent } : {}),
})
const root = newSuite('', false)
let suite = root
let running:
  | { type: 'test'; fullTestName: string; promises: Promise<unknown>[]; onFinished?: (() => void)[] }
  | undefined

/** What is declared from now on belongs to this test file. */
export function beginFile(path: string): void {
  suite = newSuite(path, false, root)
  root.children.push(suite)
}

function addSuite(title: string, body: () => void, skipped = false): void {
  const outer = suite
  suite = newSuite(title, skipped, outer)
  outer.children.push(suite)
  // A suite's body may not be a promise: what it declared after an `await` would be lost without a word.
  if ((body() as unknown) instanceof Promise) throw new TypeError(`Cannot collect "${title}": its body is async`)
  suite = outer
}

function addTest(title: string, body: Body, timeout: number | { timeout?: number } = {}, skipped = false): void {
  const ms = typeof timeout === 'number' ? timeout : timeout.timeout
  suite.children.push({ title, body, timeout: ms ?? 30_000, skipped })
}

const each =
  <T extends unknown[]>(add: (title: string, body: never, ...rest: T) => void) =>
  (rows: readonly Row[]) =>
  (title: string, body: (...row: never[]) => unknown, ...rest: T): void => {
    for (const [index, row] of rows.entries()) {
      const values = Array.isArray(row) ? row : [row]
      add(format(title, index, values), (() => body(...(values as never[]))) as never, ...rest)
    }
  }

/** Vitest's titles of a row: `%s`, `%i`, `%o` and the like take the next value, `%#` its index, `$name` a member. */
function format(title: string, index: number, values: readonly unknown[]): string {
  const text = (value: unknown): string =>
    typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  let next = 0
  return title
    .replace(/%([#sdifjo%])/g, (_, kind) => (kind === '%' ? '%' : kind === '#' ? String(index) : text(values[next++])))
    .replace(/\$([\w.]+)/g, (whole, path: string) => {
      let value: any = values[0]
      for (const name of path.split('.')) value = value?.[name]
      return value === undefined ? whole : text(value)
    })
}

const skipTest = (title: string, body: Body = () => {}): void => addTest(title, body, {}, true)
const skipSuite = (title: string, body: () => void = () => {}): void => addSuite(title, body, true)
export const describe = Object.assign(addSuite, {
  each: each(addSuite as never),
  skip: skipSuite,
  skipIf: (condition: unknown) => (condition ? skipSuite : addSuite),
  runIf: (condition: unknown) => (condition ? addSuite : skipSuite),
})
export const test = Object.assign(addTest, {
  each: each(addTest as never),
  skip: skipTest,
  todo: skipTest,
  skipIf: (condition: unknown) => (condition ? skipTest : addTest),
  runIf: (condition: unknown) => (condition ? addTest : skipTest),
})
export const it = test
export const beforeAll = (body: Body): unknown => suite.before.push(body)
export const afterAll = (body: Body): unknown => suite.after.unshift(body)
export const beforeEach = (body: Body): unknown => suite.beforeEach.push(body)
export const afterEach = (body: Body): unknown => suite.afterEach.unshift(body)
export const vi = { fn, spyOn }

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)
const state = { assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null as number | null }
export const expect: any = (value: unknown, message?: string) => {
  setState({ assertionCalls: getState(expect).assertionCalls + 1 }, expect)
  const assertion: any = chai.expect(value, message)
  return running ? assertion.withTest(running) : assertion
}
Object.assign(expect, chai.expect, (globalThis as any)[ASYMMETRIC_MATCHERS_OBJECT])
setState(state as never, expect)
expect.getState = () => getState(expect)
expect.extend = (matchers: object) => (chai.expect as any).extend(expect, matchers)
expect.extend(customMatchers)
expect.unreachable = (message = 'this') => chai.assert.fail(`expected ${message} not to be reached`)
expect.assertions = (count: number) => setState({ expectedAssertionsNumber: count }, expect)
expect.hasAssertions = () => setState({ isExpectingAssertions: true }, expect)

/** Runs everything that was declared, one test after the other. */
export async function runAll(): Promise<TestResult[]> {
  const results: TestResult[] = []
  await runSuite(root, [], false, results)
  return results
}

async function runSuite(own: Suite, path: string[], skipped: boolean, results: TestResult[]): Promise<void> {
  skipped ||= own.skipped
  const before = skipped ? undefined : await problem(() => inOrder(own.before))
  for (const child of own.children) {
    const names = [...path, child.title]
    if ('children' in child) await runSuite(child, names, skipped, results)
    else if (skipped || child.skipped) results.push({ name: names.join(' > '), state: 'skipped' })
    else
      results.push(
        before ? { name: names.join(' > '), state: 'failed', error: before } : await runTest(child, names, own),
      )
  }
  const after = skipped ? undefined : await problem(() => inOrder(own.after))
  if (after) results.push({ name: [...path, 'afterAll'].join(' > '), state: 'failed', error: after })
}

async function runTest(own: Test, names: string[], parent: Suite): Promise<TestResult> {
  const name = names.join(' > ')
  running = { type: 'test', fullTestName: name, promises: [] }
  setState(state as never, expect)
  const suites: Suite[] = []
  for (let at: Suite | undefined = parent; at; at = at.parent) suites.push(at)
  const hooks = suites.flatMap((one) => one.afterEach)
  let skipped = false
  const error = await problem(async () => {
    await inOrder(suites.toReversed().flatMap((one) => one.beforeEach))
    await withTimeout(own.body, own.timeout).catch((thrown) => {
      if (!(thrown instanceof Skip)) throw thrown
      skipped = true
    })
    await Promise.all(running?.promises ?? [])
    // Each throws when its expectation on a promise was not awaited.
    for (const finished of running?.onFinished ?? []) finished()
    const { assertionCalls, expectedAssertionsNumber, isExpectingAssertions } = getState(expect)
    if (expectedAssertionsNumber !== null && expectedAssertionsNumber !== assertionCalls)
      throw new Error(`expected ${expectedAssertionsNumber} assertions, got ${assertionCalls}`)
    if (isExpectingAssertions && assertionCalls === 0) throw new Error('expected an assertion, got none')
  })
  const failed = error ?? (await problem(() => inOrder(hooks)))
  running = undefined
  return { name, state: failed ? 'failed' : skipped ? 'skipped' : 'passed', error: failed }
}

const context = {
  expect,
  skip: (reason?: string): never => {
    throw new Skip(reason)
  },
}

async function inOrder(bodies: readonly Body[]): Promise<void> {
  for (const body of bodies) await withTimeout(body, 30_000)
}

async function withTimeout(body: Body, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms} ms`)), ms)
  })
  await Promise.race([(async () => body(context))(), limit]).finally(() => clearTimeout(timer))
}

async function problem(body: () => Promise<void>): Promise<string | undefined> {
  try {
    await body()
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? explain(thrown) : `threw ${String(thrown)}`
  }
}

function explain(error: Error & { expected?: unknown; actual?: unknown }): string {
  const stack = error.stack ?? ''
  // Not every runtime begins the stack with the message.
  const text = stack.includes(error.message) ? stack : `${String(error)}\n${stack}`
  if (!('expected' in error)) return text
  const show = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 500)
  return `${text}\nexpected ${show(error.expected)}\nactual   ${show(error.actual)}`
}
