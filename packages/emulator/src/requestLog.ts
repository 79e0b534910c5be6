/** One request as the log keeps it: without secrets, tokens, codes and passwords. */
export interface RecordedRequest {
  /** When it arrived, in ms since the epoch by the emulator's clock. */
  readonly at: number
  /** The HTTP method, as `Request` normalises it. */
  readonly method: string
  /** The absolute URL; secrets in its query are redacted. */
  readonly url: string
  /** By name in lower case; of credentials, the scheme alone is kept. */
  readonly headers: Readonly<Record<string, string>>
  /** The form of the body; the first value where a name is repeated. */
  readonly form?: Readonly<Record<string, string>>
  /** The status answered; undefined while under way, and 0 where the connection was broken. */
  status?: number
  /** Time to the response's headers, in ms. */
  durationMs?: number
  /** The kind of the fault that was answered. */
  fault?: string
}

const redacted = '<redacted>'
const secretParameters: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'client_secret',
  'client_assertion',
  'assertion',
  'password',
  'refresh_token',
  'access_token',
  'id_token',
  'id_token_hint',
  'code',
  'device_code',
  'code_verifier',
  'user_code',
  'otc',
  'newpassword',
  'ctx',
])
const secretHeaders: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'authorization',
  'cookie',
  'dpop',
  'secret',
  'x-identity-header',
])
const longestValue = 4096

/**
 * Records a request for the log.
 *
 * @param request The request; its body is not read.
 * @param form Its form.
 * @param at When it arrived, in ms since the epoch.
 * @returns The entry.
 */
export function recordRequest(request: Request, form: URLSearchParams, at: number): RecordedRequest {
  const url = new URL(request.url)
  for (const name of new Set(url.searchParams.keys()))
    if (secretParameters.has(name.toLowerCase())) url.searchParams.set(name, redacted)
  const headers = Object.fromEntries(
    Array.from(request.headers, ([name, value]) => [name, secretHeaders.has(name) ? redactHeader(value) : value]),
  )
  const entry = { at, method: request.method, url: url.href, headers }
  return form.size > 0 ? { ...entry, form: recordForm(form) } : entry
}

function recordForm(form: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    Array.from(new Set(form.keys()), (name) => {
      const value = form.get(name) ?? ''
      if (secretParameters.has(name.toLowerCase())) return [name, redacted]
      return [name, value.length > longestValue ? `${value.slice(0, longestValue)}…` : value]
    }),
  )
}

/** Keeps the scheme (`Bearer`, `Basic`, `PoP`), which tests want to see. */
function redactHeader(value: string): string {
  const scheme = /^([A-Za-z]+) /.exec(value)?.[1]
  return scheme ? `${scheme} ${redacted}` : redacted
}
