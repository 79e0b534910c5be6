// Runs a bundle in Vercel's edge runtime and prints its report: node tools/portable/edge.ts BUNDLE
import { readFileSync } from 'node:fs'
import { EdgeVM } from '@edge-runtime/vm'
import { MARK } from './bundle.ts'

const vm = new EdgeVM()
vm.evaluate(readFileSync(process.argv[2] ?? '', 'utf8'))
console.log(MARK + (await vm.evaluate<Promise<string>>('portableReport')))
