/** What only some sources need and only some runtimes have: files (Azure Arc), and TLS with one certificate (Service Fabric). */
export interface ManagedIdentityHost {
  /** The operating system as Node names it: `linux`, `win32` … */
  readonly platform: string
  /** Tells whether there is such a file. */
  exists(path: string): boolean | Promise<boolean>
  /** Reads a small file; rejects where it is none, is too large, or is a link and those are not to be followed. */
  readFile(path: string, limits: FileLimits): Promise<string>
  /** Sends a GET to a server whose certificate has one SHA-1 thumbprint, and nothing to any other; rejects with its reason. */
  getPinned(url: string, request: PinnedRequest): Promise<Response>
}

/** What a file must be. */
export interface FileLimits {
  /** The most that it may hold, in bytes. */
  readonly maxBytes: number
  /** Whether a link to it will do. */
  readonly followLinks: boolean
}

/** A GET to a server that is known by its certificate alone. */
export interface PinnedRequest {
  /** The headers to send. */
  readonly headers: Readonly<Record<string, string>>
  /** The certificate's SHA-1, 40 hexadecimal digits in lower case. */
  readonly thumbprint: string
  /** Ends the exchange. */
  readonly signal: AbortSignal
}
