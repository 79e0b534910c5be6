// A fresh process: asks the program argv[2] for a token where there is none; prints how long it took to say so, at most argv[3] ms.
import { writeSync } from 'node:fs'

const [, , program = '', limit] = process.argv
const { token } = await import(program)
const from = performance.now()
const print = (/** @type {number | null} */ ms) => {
  writeSync(1, JSON.stringify({ ms }))
  process.exit()
}
setTimeout(print, Number(limit), null)
await token().then(
  () => {
    throw new Error('There was a token')
  },
  () => print(performance.now() - from),
)
