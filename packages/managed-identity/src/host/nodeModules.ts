/** As much of Node's modules as is used: their types are not there in every runtime. */
interface Modules {
  fs: {
    readonly constants: { readonly O_RDONLY: number; readonly O_NOFOLLOW?: number; readonly O_NONBLOCK?: number }
    existsSync(path: string): boolean
    readonly promises: {
      open(path: string, flags: number): Promise<FileHandle>
      lstat(path: string): Promise<FileStatus>
    }
  }
  tls: { connect(options: object): TlsSocket }
  http: {
    readonly Agent: new () => object
    request(options: object, answer: (response: IncomingMessage) => void): ClientRequest
  }
}

interface FileStatus {
  readonly size: number
  isFile(): boolean
  isSymbolicLink(): boolean
}

interface FileHandle {
  stat(): Promise<FileStatus>
  read(buffer: Uint8Array, offset: number, length: number): Promise<{ readonly bytesRead: number }>
  close(): Promise<void>
}

interface Emitter {
  on(event: string, listener: (value: never) => void): unknown
}

/** A connection. */
export interface TlsSocket extends Emitter {
  getPeerCertificate(): { readonly raw?: Uint8Array<ArrayBuffer> }
  destroy(error?: Error): void
}

/** A response as it comes in. */
export interface IncomingMessage extends AsyncIterable<Uint8Array<ArrayBuffer>> {
  readonly statusCode?: number
  readonly rawHeaders: readonly string[]
}

interface ClientRequest extends Emitter {
  end(): void
}

interface Process {
  readonly platform?: string
  getBuiltinModule?<Name extends keyof Modules>(name: Name): Modules[Name]
}

/**
 * Gives a module of Node, where the runtime has it: Node, Deno and Bun do. No import, so that no bundler looks for it.
 *
 * @param name The module.
 * @returns The module; `undefined` where there is none.
 */
export function nodeModule<Name extends keyof Modules>(name: Name): Modules[Name] | undefined {
  return nodeProcess().getBuiltinModule?.(name)
}

/**
 * Gives Node's `process`.
 *
 * @returns What the runtime has of it.
 */
export function nodeProcess(): Process {
  return (globalThis as { process?: Process }).process ?? {}
}
