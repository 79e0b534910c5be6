/** Something worth trying: fields that differ from the form's beginning, once per run. */
export interface Example {
  readonly name: string
  /** What will be seen. */
  readonly about: string
  readonly runs: readonly Readonly<Record<string, string>>[]
}

/** What the buttons at the top of the form do. */
export const examples: readonly Example[] = [
  { name: 'First token', about: 'One request, and the token is cached', runs: [{}] },
  { name: 'From the cache', about: 'The second call makes no request', runs: [{}, {}] },
  { name: 'By domain', about: 'The endpoints of a domain are asked for first', runs: [{ authority: 'domain' }] },
  { name: '200 at once', about: 'Equal calls on their way share one request', runs: [{ calls: '200' }] },
  {
    name: 'By certificate',
    about: 'An assertion is signed; open the request to read it',
    runs: [{ credential: 'certificate' }],
  },
  {
    name: 'Due for refresh',
    about: 'After half its life a token is still returned at once, while a new one is fetched',
    runs: [{}, { minutesAhead: '31' }],
  },
  {
    name: 'Wrong secret',
    about: 'What Entra says, and what to do about it',
    runs: [{ clientSecret: 'not-the-secret' }],
  },
  {
    name: 'Throttled',
    about: 'The second call is refused without a request',
    runs: [{ fault: '429', retryAfter: '30' }, {}],
  },
  { name: 'A 503, then well', about: 'The request is tried once more', runs: [{ fault: '503', times: 'first' }] },
  { name: 'Too slow', about: 'The time limit holds for headers and body', runs: [{ fault: 'stall', timeout: '1500' }] },
]

/** What the form begins with, besides what the emulator tells. */
export const beginning: Readonly<Record<string, string>> = {
  authority: 'id',
  claims: '',
  calls: '1',
  credential: 'secret',
  sendX5c: '',
  cache: 'memory',
  fault: 'none',
  retryAfter: '',
  delay: '2000',
  times: 'every',
  timeout: '30000',
  maxRetries: '1',
  region: '',
  minutesAhead: '0',
  cp1: '',
}
