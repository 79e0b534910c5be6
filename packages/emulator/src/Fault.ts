/** Which requests a fault hits, and how often. */
export interface FaultScope {
  /** Part of the URL's path, or a function of the request (its body is in `form`); every request when undefined. */
  readonly match?: string | ((request: Request, form: URLSearchParams) => boolean) | undefined
  /** How many requests it hits before it is spent. @default Infinity */
  readonly times?: number | undefined
}

/** Answers a status; with Entra's error body unless `body` is given. */
export interface StatusFault extends FaultScope {
  /** May be left out: a fault without a kind is of this one. */
  readonly kind?: 'status' | undefined
  /** 200 to 599. */
  readonly status: number
  /** `Retry-After`: seconds, or an HTTP date. */
  readonly retryAfter?: number | string | undefined
  /** Sent with a JSON content type, whatever it is; 204, 205 and 304 go without. */
  readonly body?: string | undefined
}

/** Waits before it answers. */
export interface SlowFault extends FaultScope {
  readonly kind: 'slow'
  /** In ms. */
  readonly delay: number
}

/** Breaks the connection before anything is answered. */
export interface ResetFault extends FaultScope {
  readonly kind: 'reset'
}

/** Sends headers and half of the true answer's body, then nothing until the client gives up. */
export interface StallFault extends FaultScope {
  readonly kind: 'stall'
}

/** Sends headers and half of the true answer's body, then breaks the connection. */
export interface TruncatedFault extends FaultScope {
  readonly kind: 'truncated'
}

/** Answers 200 with a JSON content type and something else in it. */
export interface WrongJsonFault extends FaultScope {
  readonly kind: 'wrong-json'
  /** What is sent in place of the JSON. @default an object that ends in the middle */
  readonly body?: string | undefined
}

/** Answers an HTML page, as a proxy does. */
export interface HtmlFault extends FaultScope {
  readonly kind: 'html'
  /** The page's status, 200 to 599. @default 200 */
  readonly status?: number | undefined
}

/** Answers without a body. */
export interface EmptyFault extends FaultScope {
  readonly kind: 'empty'
  /** The status without a body, 200 to 599. @default 200 */
  readonly status?: number | undefined
}

/** Answers a redirect. */
export interface RedirectFault extends FaultScope {
  readonly kind: 'redirect'
  /** 307 and 308 keep method and body; the others turn a POST into a GET. @default 302 */
  readonly status?: 301 | 302 | 303 | 307 | 308 | undefined
  /** Where it points, absolute or relative to the request's URL. @default https://redirected.example/ */
  readonly location?: string | undefined
}

/** Gives the true answer under another content type. */
export interface WrongContentTypeFault extends FaultScope {
  readonly kind: 'wrong-content-type'
  /** The `Content-Type` to send; the body stays as it was. @default text/plain */
  readonly contentType?: string | undefined
}

/** Streams a very long JSON answer. */
export interface HugeFault extends FaultScope {
  readonly kind: 'huge'
  /** Length of the answer in MiB, 1 to 4096. @default 50 */
  readonly megabytes?: number | undefined
}

/** Answers deeply nested JSON. */
export interface DeepJsonFault extends FaultScope {
  readonly kind: 'deep-json'
  /** Levels. @default 100000 */
  readonly depth?: number | undefined
}

/** Answers truly, with the service's clock put ahead or back: in tokens, in checks and in the Date header. */
export interface ClockSkewFault extends FaultScope {
  readonly kind: 'clock-skew'
  /** Ahead when positive. */
  readonly seconds: number
}

/** Something that goes wrong. */
export type Fault =
  | StatusFault
  | SlowFault
  | ResetFault
  | StallFault
  | TruncatedFault
  | WrongJsonFault
  | HtmlFault
  | EmptyFault
  | RedirectFault
  | WrongContentTypeFault
  | HugeFault
  | DeepJsonFault
  | ClockSkewFault

/** The names of the faults. */
export type FaultKind = NonNullable<Fault['kind']>
