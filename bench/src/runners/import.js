// A fresh process: imports argv[2] and prints how long that took. JavaScript, because stripping types takes time.
import { writeSync } from 'node:fs'

const from = performance.now()
await import(process.argv[2] ?? '')
writeSync(1, JSON.stringify({ ms: performance.now() - from, sinceStart: performance.now() }))
