import koffi from 'koffi'

/** A handle of the library's. */
type Handle = bigint | null

/** MSALRuntime, called with koffi and nothing else: the floor. */
export interface MsalRuntimeAlone {
  /** Gets a silent token and gives everything back. */
  token(request: { clientId: string; authority: string; scope: string; accountId: string }): Promise<void>
}

/**
 * Loads and starts it.
 *
 * @param path The library.
 * @param loaded Is called when it is loaded.
 */
export async function openMsalRuntime(path: string, loaded: () => void = () => {}): Promise<MsalRuntimeAlone> {
  const library = koffi.load(path)
  loaded()
  const handle = 'void *'
  const given = koffi.out(koffi.pointer(handle))
  const done = koffi.pointer(koffi.proto(null, 'void', [handle, handle]))
  const bind = (name: string, ...parameters: unknown[]) =>
    library.func('__cdecl', `MSALRUNTIME_${name}`, handle, parameters as never)
  const readAccount = bind('ReadAccountByIdAsync', 'str', 'str', done, handle, given)
  const acquire = bind('AcquireTokenSilentlyAsync', handle, 'str', handle, done, handle, given)
  const getAccount = bind('GetReadAccount', handle, given)
  const getError = bind('GetError', handle, given)
  const createParameters = bind('CreateAuthParameters', 'str', 'str', given)
  const setScopes = bind('SetRequestedScopes', handle, 'str')
  const release = (name: string): ((handle: Handle) => unknown) => bind(`Release${name}`, handle)
  const [releaseRead, releaseAccount] = [release('ReadAccountResult'), release('Account')]
  const [releaseResult, releaseParameters] = [release('AuthResult'), release('AuthParameters')]
  const releaseAsync = release('AsyncHandle')
  const get = (call: (place: [Handle]) => unknown): Handle => {
    const place: [Handle] = [null]
    call(place)
    return place[0]
  }
  let finish: (result: Handle) => void
  const callback = koffi.register((result: Handle) => finish(result), done)
  const run = async (start: (place: [Handle]) => unknown): Promise<Handle> =>
    new Promise((resolve) => {
      // Callbacks keep no process alive.
      const hold = setInterval(() => {}, 1e6)
      finish = (result) => {
        clearInterval(hold)
        resolve(result)
      }
      releaseAsync(get(start))
    })
  await new Promise((resolve) => void bind('Startup').async(resolve))
  return {
    async token({ clientId, authority, scope, accountId }) {
      const found = await run((place) => readAccount(accountId, crypto.randomUUID(), callback, null, place))
      const account = get((place) => getAccount(found, place))
      const parameters = get((place) => createParameters(clientId, authority, place))
      setScopes(parameters, scope)
      const id = crypto.randomUUID()
      const result = await run((place) => acquire(parameters, id, account, callback, null, place))
      if (get((place) => getError(result, place))) throw new Error('There is no token')
      releaseRead(found)
      releaseAccount(account)
      releaseParameters(parameters)
      releaseResult(result)
    },
  }
}
