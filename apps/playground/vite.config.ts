import { getRequestListener } from '@hono/node-server'
import { defineConfig, type Plugin } from 'vite'
import type * as Server from './src/server/createApp.js'

/** In development Vite serves the page, and hands everything that the page asks of its server to the playground's own. */
const server: Plugin = {
  name: 'playground server',
  apply: 'serve',
  async configureServer(vite) {
    const { createApp } = (await vite.ssrLoadModule('/src/server/createApp.ts')) as typeof Server
    const app = createApp()
    process.once('exit', () => app.close())
    const listener = getRequestListener(app.fetch)
    vite.middlewares.use((request, response, next) =>
      /^\/(api|emulated|\.emulator|receiver\.html|[\w.-]+\/(oauth2|v2\.0|discovery)|devicelogin|resource|interaction)\b/.test(
        request.url ?? '',
      )
        ? void listener(request, response)
        : next(),
    )
  },
}

export default defineConfig({
  plugins: [server],
  build: {
    outDir: 'dist/page',
    target: 'es2023',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'people.html', 'managed-identity.html', 'proof.html', 'brokers.html'],
    },
  },
  server: { host: '127.0.0.1' },
})
