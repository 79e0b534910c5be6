import { chromium } from 'playwright'
import { canInstall, installDebianPackages } from './debianPackage.ts'
import { findProgram } from './findProgram.ts'
import { Skipped } from './outcome.ts'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'chrome.exe',
  'msedge.exe',
]
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

/** No call home, and what a container without a GPU and a user namespace needs. */
export const CHROMIUM_ARGUMENTS = [
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
]

let asked: Promise<string> | undefined

/**
 * A Chromium of this machine; on Debian and its kin it is installed where we are root.
 *
 * @returns Path of the executable.
 * @throws {Skipped} There is none; says how to get one.
 */
export function findChromium(): Promise<string> {
  return (asked ??= locate())
}

async function locate(): Promise<string> {
  const found = present()
  if (found) return found
  if (canInstall()) {
    await installDebianPackages('Chromium', ['chromium', 'fonts-liberation'])
    const installed = present()
    if (installed) return installed
  }
  throw new Skipped(
    'No Chromium here: install Chromium, Chrome or Edge, or run "npx playwright install chromium", or set CHROMIUM to a path',
  )
}

const present = (): string | undefined => findProgram('CHROMIUM', NAMES, [...APPLICATIONS, chromium.executablePath()])
