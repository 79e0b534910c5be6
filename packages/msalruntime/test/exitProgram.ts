import { createMsalRuntime } from '../src/createMsalRuntime.js'

/** Ends in the middle of operations, in the way that its first argument names. */
const [, , way, libraryPath] = process.argv
const runtime = createMsalRuntime({ libraryPath })
const problem = await runtime.start()
if (problem) throw new Error(problem.message)
const ask = (): Promise<unknown> =>
  runtime.signInSilently(
    {
      clientId: crypto.randomUUID(),
      authority: 'https://login.microsoftonline.com/organizations',
      scopes: ['User.Read'],
    },
    { correlationId: crypto.randomUUID() },
  )
const all = Promise.all([ask(), ask(), ask()])
if (way === 'exit') process.exit(3)
else if (way === 'throw') throw new Error('of the test')
else if (way === 'first') {
  await ask()
  process.exit(3)
} else await all
console.log('done')
