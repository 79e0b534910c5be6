import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Cell, Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import { median } from './statistics.ts'

const programs = ['latchkey', 'msal-node', 'azure-identity'] as const
const file = (program: string): URL => new URL(`../programs/managed-identity/${program}.js`, import.meta.url)

export const notHere: Measurement = {
  name: 'managed-identity',
  about: 'the managed identity program: its size, and how soon it knows that there is no managed identity',
  async run({ quick, progress }) {
    const limit = quick ? 3000 : 30_000
    const runs = quick ? 1 : 5
    const rows: Cell[][] = []
    for (const program of programs) {
      progress(`managed-identity: ${program}`)
      const refused: number[] = []
      for (let run = 0; run < runs; run++) refused.push((await timeUntilKnown(program, false, limit)) ?? limit)
      const silent = await timeUntilKnown(program, true, limit)
      const over = `over ${limit.toLocaleString('en')}`
      rows.push([program, await sizeOf(program), median(refused), silent ?? over])
    }
    const [ours] = rows
    return {
      tables: [
        {
          title: 'A program with a managed identity: its size, and the time until it knows that there is none',
          columns: ['program', 'brotli 11', 'nobody listens, ms', 'nobody answers, ms'],
          rows,
          notes: [
            'Size: esbuild, minified, platform browser for latchkey, node for the others. Time: from the call, in a fresh process; ' +
              'AZURE_POD_IDENTITY_AUTHORITY_HOST is a port of this machine that refuses connections, or takes them and stays silent.',
          ],
        },
      ],
      limits: [
        {
          what: 'managed identity: ms until it is known that nobody answers',
          value: typeof ours?.[3] === 'number' ? ours[3] : Infinity,
          limit: 1500,
          relation: 'at most',
        },
      ],
    }
  },
}

async function timeUntilKnown(program: string, isSilent: boolean, limit: number): Promise<number | undefined> {
  const server = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const closed = once(server, 'close')
  if (!isSilent) {
    server.close()
    await closed
  }
  const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${port}` }
  const args = [file(program).href, String(limit)]
  const { ms } = await runNode<{ ms: number | null }>('runners/unavailable.js', args, { env })
  if (isSilent) {
    server.close()
    await closed
  }
  return ms ?? undefined
}

async function sizeOf(program: string): Promise<number> {
  const platform = program === 'latchkey' ? 'browser' : 'node'
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(file(program))],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', legalComments: 'none' },
    ...{ platform, logLevel: 'silent' },
  })
  return brotliCompressSync(outputFiles[0]!.contents).length
}
