import type { MsalRuntime, MsalRuntimeCall } from '../MsalRuntime.js'
import type { Handle } from './nativeCalls.js'
import { readAccounts, readFoundAccount, readToken, takeAccount, throwError } from './readHandles.js'
import type { Session } from './openSession.js'
import { withParameters } from './withParameters.js'

/**
 * Makes the library's operations out of its functions.
 *
 * @param session Gives the library, or throws.
 * @returns The operations.
 */
export function sessionCalls(session: () => Session): Omit<MsalRuntime, 'start' | 'stop'> {
  const signIn = (name: 'SignInAsync' | 'SignInInteractivelyAsync'): MsalRuntime['signIn'] => {
    return async (window, parameters, call) => {
      const { native, operations } = session()
      return withParameters(native, parameters, (handle) =>
        operations.run({
          name,
          args: [window, handle, call.correlationId, call.loginHint ?? ''],
          read: (result) => readToken(native, result),
          release: 'ReleaseAuthResult',
          call,
        }),
      )
    }
  }
  return {
    async discoverAccounts(clientId, call) {
      const { native, operations } = session()
      return operations.run({
        name: 'DiscoverAccountsAsync',
        args: [clientId, call.correlationId],
        read: (result) => readAccounts(native, result),
        release: 'ReleaseDiscoverAccountsResult',
        call,
      })
    },
    async readAccount(accountId, call) {
      const opened = session()
      return opened.operations.asOne(async () => {
        const account = await findAccount(opened, accountId, call)
        return account ? takeAccount(opened.native, account) : undefined
      })
    },
    async signInSilently(parameters, call) {
      const { native, operations } = session()
      return withParameters(native, parameters, (handle) =>
        operations.run({
          name: 'SignInSilentlyAsync',
          args: [handle, call.correlationId],
          read: (result) => readToken(native, result),
          release: 'ReleaseAuthResult',
          call,
        }),
      )
    },
    signIn: signIn('SignInAsync'),
    signInInteractively: signIn('SignInInteractivelyAsync'),
    async acquireTokenSilently(accountId, parameters, call) {
      const opened = session()
      const { native, operations } = opened
      return withAccount(opened, accountId, call, (account) =>
        withParameters(native, parameters, (handle) =>
          operations.run({
            name: 'AcquireTokenSilentlyAsync',
            args: [handle, call.correlationId, account],
            read: (result) => readToken(native, result),
            release: 'ReleaseAuthResult',
            call,
          }),
        ),
      )
    },
    async acquireTokenInteractively(window, accountId, parameters, call) {
      const opened = session()
      const { native, operations } = opened
      return withAccount(opened, accountId, call, (account) =>
        withParameters(native, parameters, (handle) =>
          operations.run({
            name: 'AcquireTokenInteractivelyAsync',
            args: [window, handle, call.correlationId, account],
            read: (result) => readToken(native, result),
            release: 'ReleaseAuthResult',
            call,
          }),
        ),
      )
    },
    async signOut(clientId, accountId, call) {
      const opened = session()
      const { native, operations } = opened
      await withAccount(opened, accountId, call, (account) =>
        operations.run({
          name: 'SignOutSilentlyAsync',
          args: [clientId, call.correlationId, account],
          read: (result) => throwError(native, 'GetSignOutError', 'GetSignOutTelemetryData', result),
          release: 'ReleaseSignOutResult',
          call,
        }),
      )
    },
  }
}

/** The account is the caller's to release. */
function findAccount(
  { native, operations }: Session,
  accountId: string,
  call: MsalRuntimeCall,
): Promise<Handle | undefined> {
  return operations.run({
    name: 'ReadAccountByIdAsync',
    args: [accountId, call.correlationId],
    read: (result) => readFoundAccount(native, result),
    drop: (account) => void (account && native.release('ReleaseAccount', account)),
    release: 'ReleaseReadAccountResult',
    call,
  })
}

/** The library copies what it needs while it starts the operation; it is not shut down between the reading and that. */
function withAccount<T>(
  session: Session,
  accountId: string,
  call: MsalRuntimeCall,
  start: (account: Handle) => Promise<T>,
): Promise<T | undefined> {
  return session.operations.asOne(async () => {
    const account = await findAccount(session, accountId, call)
    if (!account) return undefined
    try {
      return await start(account)
    } finally {
      session.native.release('ReleaseAccount', account)
    }
  })
}
