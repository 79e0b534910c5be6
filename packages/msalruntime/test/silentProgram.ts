import koffi from 'koffi'
import { createMsalRuntime } from '../src/createMsalRuntime.js'

/** Ends while the library owes an answer that never comes. Its first argument is the stand-in. */
const [, , libraryPath] = process.argv
const runtime = createMsalRuntime({ libraryPath })
if (await runtime.start()) throw new Error('it does not start')
const set = koffi.load(libraryPath!).func('STANDIN_Set', 'void', ['str', 'str'])
set('callback', 'never')
void runtime.discoverAccounts('app', { correlationId: crypto.randomUUID() })
process.on('exit', () => console.log('an orderly end'))
process.exit(7)
