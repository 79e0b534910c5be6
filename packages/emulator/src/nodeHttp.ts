/** The part of `node:http` and `node:https` that {@link serve} uses: its types are not there in every runtime. */
export interface NodeHttp {
  createServer(options: object, listener: (request: NodeRequest, response: NodeResponse) => void): NodeServer
}

/** An HTTP server. */
export interface NodeServer {
  listen(port: number, hostname: string, listening: () => void): void
  close(closed: () => void): void
  closeAllConnections?(): void
  address(): unknown
  on(event: 'connection' | 'secureConnection', listener: (socket: NodeSocket) => void): void
  once(event: 'error', listener: (error: Error) => void): void
}

/** A connection of a server. */
export interface NodeSocket {
  destroy(): void
  once(event: 'close', listener: () => void): void
}

/** A request that a server got; iterates over its body. */
export interface NodeRequest extends AsyncIterable<Uint8Array<ArrayBuffer>> {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly rawHeaders: readonly string[]
  readonly headers: {
    readonly host?: string | undefined
    readonly 'x-forwarded-proto'?: string | string[] | undefined
  }
}

/** The response that a server writes. */
export interface NodeResponse {
  readonly destroyed: boolean
  readonly writableFinished: boolean
  writeHead(status: number, headers: readonly string[]): void
  write(chunk: Uint8Array, written: (error?: Error | null) => void): void
  end(): void
  destroy(): void
  on(event: 'close', listener: () => void): void
}

/**
 * Loads `node:http`, or `node:https`.
 *
 * @param isSecure Which.
 * @returns The module; rejects in runtimes without it.
 */
export async function loadNodeHttp(isSecure: boolean): Promise<NodeHttp> {
  const specifier = isSecure ? 'node:https' : 'node:http' // in a variable, so that no bundler looks for it when it builds for a browser
  return (await import(/* @vite-ignore */ specifier)) as NodeHttp
}
