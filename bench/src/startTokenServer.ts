import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Listening } from './tokenServer.ts'

/** The local token server, in its own process. */
export interface TokenServer extends Disposable {
  readonly origin: string
  /** What lets a program trust it. */
  readonly env: Record<string, string>
  /** How many token requests came since the last call. */
  takeCount(): Promise<number>
}

/**
 * Starts a server that answers every token request with a token.
 *
 * @param protocol With a certificate made now, or without TLS.
 * @param delay Milliseconds before each answer.
 * @returns The server; dispose of it.
 */
export async function startTokenServer(protocol: 'http' | 'https', delay: number): Promise<TokenServer> {
  const child = fork(fileURLToPath(new URL('tokenServer.ts', import.meta.url)), [protocol, String(delay)])
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`The token server ended with ${String(code)}`)
  })
  ended.catch(() => {})
  const nextMessage = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
    return message
  }
  const { origin, certificate } = (await nextMessage()) as Listening
  const file = join(folder, 'certificate.pem')
  writeFileSync(file, certificate)
  return {
    origin,
    env: certificate === '' ? {} : { NODE_EXTRA_CA_CERTS: file, AZURE_AUTHORITY_HOST: origin },
    async takeCount() {
      const answer = nextMessage()
      child.send('count')
      return (await answer) as number
    },
    [Symbol.dispose]() {
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
