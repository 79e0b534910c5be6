import { launch, type Page } from 'puppeteer-core'
import { installDebianPackages } from './debianPackage.ts'
import { findProgram } from './findProgram.ts'
import { Skipped } from './outcome.ts'
import type { RealBrowser, Tab } from './RealBrowser.ts'

/**
 * Starts the Firefox of this machine; on Debian and its kin it is installed where we are root.
 *
 * @param timeout For each step, in milliseconds.
 * @returns The browser, with an empty profile.
 * @throws {Skipped} There is none; says how to get one.
 */
export async function openFirefox(timeout: number): Promise<RealBrowser> {
  const executablePath = await findFirefox()
  const browser = await launch({ browser: 'firefox', executablePath, timeout, protocolTimeout: timeout })
  return {
    async openTab(url) {
      const page = await browser.newPage()
      await page.goto(url)
      return tabOf(page)
    },
    tabs: async () => (await browser.pages()).map(tabOf),
    close: () => browser.close(),
  }
}

function tabOf(page: Page): Tab {
  return {
    evaluate: async (expression) =>
      JSON.parse((await page.evaluate(`(async () => JSON.stringify((await (${expression})) ?? null))()`)) as string),
    click: (selector) => page.click(selector),
  }
}

let asked: Promise<string> | undefined

/**
 * Looks for Firefox, and installs it where that can be done.
 *
 * @returns Path of the executable.
 * @throws {Skipped} There is none; says how to get one.
 */
export function findFirefox(): Promise<string> {
  return (asked ??= locate())
}

async function locate(): Promise<string> {
  const found = present()
  if (found) return found
  await installDebianPackages('Firefox', ['firefox-esr'])
  const installed = present()
  if (installed) return installed
  throw new Skipped('No Firefox here: install Firefox, or set FIREFOX to a path')
}

function present(): string | undefined {
  const application = '/Applications/Firefox.app/Contents/MacOS/firefox'
  return findProgram('FIREFOX', ['firefox', 'firefox-esr', 'firefox.exe'], [application])
}
