// A fresh process: gets one token by the program argv[2] from the server argv[3]; prints when it was there.
import { writeSync } from 'node:fs'
import { redirectFetch } from './redirectFetch.js'

const [, , program = '', origin = ''] = process.argv
redirectFetch(origin)
const { token } = await import(program)
const text = await token()
const ms = performance.now()
if (!text?.startsWith('token-')) throw new Error(`Not a token: ${text}`)
writeSync(1, JSON.stringify({ ms }))
process.exit()
