// Builds what is not built yet, then starts the server; arguments are the server's.
import { spawnSync } from 'node:child_process'
import process from 'node:process'

const build = spawnSync('turbo', ['run', 'build', '--filter=playground', '--output-logs=errors-only'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
})
if (build.status !== 0) {
  process.stderr.write(build.error ? `${build.error.message}\n` : build.stdout + build.stderr)
  process.stderr.write('Cannot start the playground: the build failed. Was "pnpm install" run?\n')
  process.exit(1)
}
await import(new URL('dist/server/main.js', import.meta.url).href)
