import { join } from 'node:path'
import { chromium } from 'playwright'
import { CHROMIUM_ARGUMENTS, findChromium } from '../chromium.ts'
import { openFirefox } from '../firefox.ts'
import type { RealBrowser } from '../RealBrowser.ts'
import { run } from '../run.mjs'
import { openWebKit } from '../webKit.ts'
import { MARK, type Reporting } from './bundle.ts'
import { findDeno } from './deno.ts'
import { folderOf } from './folderOf.ts'
import type { Loopback } from './loopback.ts'
import { findNode20 } from './node20.ts'
import type { Fingerprint } from './report.ts'
import { askWorkerd } from './workerd.ts'

/** For one runtime, start to end, in ms. */
const TIMEOUT = 120_000

export interface Runtime {
  name: string
  /** Export conditions that bundlers and the runtime itself choose for it. */
  conditions: string[]
  reporting: Reporting
  /** Runs the bundle and returns its report as JSON. */
  start(bundle: string, loopback: Loopback): Promise<string>
  /** Whether the report comes from this runtime and no other. */
  isIt(seen: Fingerprint): boolean
}

export const runtimes: Runtime[] = [
  {
    name: 'node 20',
    conditions: ['node'],
    reporting: 'output',
    start: async (bundle) => output(await findNode20(), [bundle]),
    isIt: ({ node, deno, bun }) => node?.startsWith('20.') === true && !deno && !bun,
  },
  {
    name: 'node 24',
    conditions: ['node'],
    reporting: 'output',
    start: (bundle) => output(process.execPath, [bundle]),
    isIt: ({ node, deno, bun }) => node?.startsWith('24.') === true && !deno && !bun,
  },
  {
    name: 'deno',
    conditions: ['deno', 'node'],
    reporting: 'output',
    // The network is all that it is allowed: whoever reads a variable or a file is refused.
    start: (bundle) =>
      output(findDeno(), ['run', '--no-prompt', '--no-config', '--no-lock', '--allow-net=127.0.0.1', bundle]),
    isIt: ({ deno }) => deno !== undefined,
  },
  {
    name: 'bun',
    conditions: ['bun', 'node'],
    reporting: 'output',
    start: (bundle) => output(join(folderOf('bun'), 'bin/bun.exe'), ['--no-install', bundle]),
    isIt: ({ bun }) => bun !== undefined,
  },
  {
    name: 'workerd',
    conditions: ['workerd', 'worker'],
    reporting: 'response',
    start: (bundle) => askWorkerd(bundle, TIMEOUT),
    isIt: (seen) =>
      seen.userAgent === 'Cloudflare-Workers' && seen.process === 'undefined' && seen.buffer === 'undefined',
  },
  {
    name: 'vercel edge',
    conditions: ['edge-light', 'worker'],
    reporting: 'value',
    start: (bundle) => output(process.execPath, [join(import.meta.dirname, 'edge.ts'), bundle]),
    isIt: (seen) => seen.edge !== undefined && seen.process === 'undefined' && seen.buffer === 'undefined',
  },
  {
    name: 'chromium',
    conditions: ['browser'],
    reporting: 'value',
    start: (_, loopback) => askChromium(loopback),
    isIt: (seen) => /Chrome\/\d/.test(seen.userAgent ?? '') && seen.process === 'undefined',
  },
  {
    name: 'firefox',
    conditions: ['browser'],
    reporting: 'value',
    start: async (_, loopback) => askBrowser(await openFirefox(TIMEOUT), loopback),
    isIt: (seen) => /Firefox\/\d/.test(seen.userAgent ?? '') && seen.process === 'undefined',
  },
  {
    name: 'webkit',
    conditions: ['browser'],
    reporting: 'value',
    start: async (_, loopback) => askBrowser(await openWebKit(TIMEOUT), loopback),
    isIt: (seen) => /Version\/\d.* Safari\/\d/.test(seen.userAgent ?? '') && seen.process === 'undefined',
  },
]

async function output(program: string, args: string[]): Promise<string> {
  const { code, output } = await run(program, args, {
    capture: true,
    timeout: TIMEOUT,
    env: { ...process.env, NO_COLOR: '1' },
  })
  const lines = output.split('\n')
  const line = lines.find((text) => text.startsWith(MARK))
  if (code !== 0 || line === undefined)
    throw new Error(`ended with ${code}\n${lines.filter((text) => text !== line).join('\n')}`)
  return line.slice(MARK.length)
}

async function askChromium({ origin }: Loopback): Promise<string> {
  const executablePath = await findChromium()
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: CHROMIUM_ARGUMENTS })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(TIMEOUT)
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.goto(origin)
    await page.addScriptTag({ url: '/bundle.js' })
    const report = await page.evaluate<string | undefined>('globalThis.portableReport')
    if (report === undefined) throw new Error(`The bundle did not load\n${errors.join('\n')}`)
    return report
  } finally {
    await browser.close()
  }
}

async function askBrowser(browser: RealBrowser, { origin }: Loopback): Promise<string> {
  try {
    const tab = await browser.openTab(origin)
    return await tab.evaluate<string>(`new Promise((resolve, reject) => {
      addEventListener('error', ({ message }) => reject(new Error('The bundle did not load: ' + message)))
      const script = document.createElement('script')
      script.src = '/bundle.js'
      script.onload = () => resolve(globalThis.portableReport)
      document.head.append(script)
    })`)
  } finally {
    await browser.close()
  }
}
