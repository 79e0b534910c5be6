import { defineConfig, devices } from '@playwright/test'
import { CHROMIUM_ARGUMENTS } from './tools/chromium.ts'

const { CHROMIUM } = process.env

export default defineConfig({
  testDir: 'apps',
  testMatch: '*/e2e/**/*.test.ts',
  forbidOnly: true,
  workers: 1,
  timeout: 60_000,
  outputDir: 'test-results',
  use: {
    ...devices['Desktop Chrome'],
    trace: 'retain-on-failure',
    launchOptions: {
      ...(CHROMIUM ? { executablePath: CHROMIUM } : {}),
      chromiumSandbox: false,
      args: CHROMIUM_ARGUMENTS,
    },
  },
  projects: [{ name: 'chromium' }],
})
