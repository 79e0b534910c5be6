import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { accountListing } from './accountListing.ts'
import { cacheHit } from './cacheHit.ts'
import { cacheMemory } from './cacheMemory.ts'
import { cacheWrite } from './cacheWrite.ts'
import { coalescing } from './coalescing.ts'
import { fileCache } from './fileCache.ts'
import { fileWriters } from './fileWriters.ts'
import { firstToken } from './firstToken.ts'
import { importTime } from './importTime.ts'
import { linuxBroker } from './linuxBroker.ts'
import { isKept, type Findings } from './measurement.ts'
import { notHere } from './notHere.ts'
import { limitTable, printTable } from './printTable.ts'
import { redisStore } from './redisStore.ts'
import { size } from './size.ts'
import { weight } from './weight.ts'

const measurements = [
  size,
  weight,
  coalescing,
  importTime,
  firstToken,
  cacheHit,
  cacheWrite,
  cacheMemory,
  accountListing,
  redisStore,
  notHere,
  linuxBroker,
  fileCache,
  fileWriters,
]

const HELP = `pnpm bench [options]      Measures latchkey beside other libraries, in this run, on this machine

  --only NAME,NAME   some measurements only
  --quick            small sizes and few repetitions: shows that everything works, its times mean little
  --json FILE        writes all figures to a file, too
  --help             this text

${measurements.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join('\n')}

Needs the built packages (pnpm build). Tables go to stdout, progress to stderr. Ends with 1 when a limit that does not depend on
the machine is missed; times that are over their limit are only said to be.
`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit()
}
const names = values.only?.split(',') ?? measurements.map(({ name }) => name)
const unknown = names.find((name) => !measurements.some((measurement) => measurement.name === name))
if (unknown !== undefined) {
  process.stderr.write(`There is no measurement ${unknown}\n\n${HELP}`)
  process.exit(2)
}

const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, ${process.platform} ${process.arch}, Node ${process.version}`
process.stdout.write(`${machine}\n\n`)
const results: Record<string, Findings> = {}
for (const measurement of measurements.filter(({ name }) => names.includes(name))) {
  const { name } = measurement
  const from = performance.now()
  const progress = (message: string): void => void process.stderr.write(`  ${message}\n`)
  const findings = await measurement.run({ quick: values.quick, progress })
  progress(`${name}: done in ${((performance.now() - from) / 1000).toFixed(1)} s`)
  for (const table of findings.tables) process.stdout.write(`${printTable(table)}\n`)
  results[name] = findings
}
const limits = Object.values(results).flatMap(({ limits }) => limits)
if (limits.length > 0) process.stdout.write(printTable(limitTable(limits)))
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine, quick: values.quick, results }, undefined, 2)}\n`)
}
process.exitCode = limits.some((limit) => limit.exact && !isKept(limit)) ? 1 : 0
