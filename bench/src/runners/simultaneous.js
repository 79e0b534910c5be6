// A fresh process: calls the program argv[2] argv[4] times at once against the server argv[3].
import { writeSync } from 'node:fs'
import { redirectFetch } from './redirectFetch.js'

const [, , program = '', origin = '', calls] = process.argv
redirectFetch(origin)
const { token } = await import(program)
const from = performance.now()
const texts = await Promise.all(Array.from({ length: Number(calls) }, token))
const ms = performance.now() - from
if (!texts.every((text) => text?.startsWith('token-'))) throw new Error('Not every call got a token')
writeSync(1, JSON.stringify({ ms, tokens: new Set(texts).size }))
process.exit()
