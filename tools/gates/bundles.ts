import { type Bundle, bundle, weights } from './bundle.ts'
import type { Gate } from './gate.ts'
import { scenarios } from './scenarios.ts'
import { checkReadmes } from './readmeSizes.ts'

/** What one import brings along: weighed, and searched for what nobody asked for. READMEs give the weights measured here. */
export const bundles: Gate = {
  name: 'bundles',
  checks({ update, verbose }) {
    const sizes = new Map<string, number>()
    const perScenario = scenarios.map(({ name, program, maxBrotli, over, forbidden, holds = [] }) => ({
      name,
      async run() {
        const made = await bundle(program)
        sizes.set(name, made.brotli)
        console.log(`    ${name}: ${made.min} min, ${made.gzip} gzip, ${made.brotli} brotli (limit ${maxBrotli})`)
        if (verbose) await printWeights(program)
        const found = forbidden.filter((text) => made.text.includes(text)).map((text) => where(made, text))
        const missing = holds
          .filter((text) => !made.text.includes(text))
          .map((text) => `does not hold ${JSON.stringify(text)}`)
        const heavy =
          made.brotli > maxBrotli
            ? [`${made.brotli} bytes of brotli, ${maxBrotli} allowed (--verbose says what weighs)`]
            : []
        const more = over && made.brotli - (sizes.get(over.name) ?? NaN)
        const heavier =
          over && !(more! <= over.maxBrotli) ? [`${more} bytes over ${over.name}, ${over.maxBrotli} allowed`] : []
        const wrong = [...found, ...missing, ...heavy, ...heavier]
        if (wrong.length > 0) throw new Error(wrong.join('\n'))
      },
    }))
    return [...perScenario, { name: 'sizes in the READMEs', run: () => checkReadmes(sizes, update) }]
  },
}

/** The published files are bundles already: to see our own modules, the sources are bundled. */
async function printWeights(program: string): Promise<void> {
  for (const [module, bytes] of weights(await bundle(program, true)))
    console.log(`      ${String(bytes).padStart(6)} ${module}`)
}

function where({ text }: Bundle, forbidden: string): string {
  const at = text.indexOf(forbidden)
  return `holds ${JSON.stringify(forbidden)}: …${text.slice(Math.max(0, at - 60), at + 60).replaceAll('\n', ' ')}…`
}
