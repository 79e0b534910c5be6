interface Process {
  readonly platform?: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Node's `process`, where the runtime has one: Node, Deno and Bun do. */
function process(): Process {
  return (globalThis as { process?: Process }).process ?? {}
}

/**
 * Reads an environment variable.
 *
 * @param env The variables.
 * @param name The variable's name.
 * @returns Its value; `undefined` where there is none, or the runtime keeps it from us, as Deno does without `--allow-env`.
 */
export function variable(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  try {
    return env[name]
  } catch {
    return undefined
  }
}

/**
 * Gives the runtime's environment variables.
 *
 * @returns The variables; none where the runtime has none.
 */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process().env ?? {}
}

/**
 * Names the operating system as MSAL does.
 *
 * @returns Such as `linux`, `win32`, `darwin`; nothing where the runtime does not tell.
 */
export function platform(): string | undefined {
  return process().platform
}

/**
 * Tells whether work that outlives the response is cut off here, as in Cloudflare Workers and Vercel's edge functions.
 *
 * @returns Whether it is.
 */
export function isEdge(): boolean {
  return ['WebSocketPair', 'EdgeRuntime'].some((name) => name in globalThis)
}
