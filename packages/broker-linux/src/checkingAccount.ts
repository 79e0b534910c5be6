import { MsalRuntimeError, type MsalRuntime } from '@latchkey/msalruntime'

/**
 * Refuses a silent token of another user than was asked for. On Linux the library does not: it gives the home account id that it was
 * asked for, whoever the broker answered for; the object id, from the ID token, is the answer's.
 *
 * @param runtime The library.
 * @returns The library, which refuses it.
 */
export function checkingAccount(runtime: MsalRuntime): MsalRuntime {
  return {
    ...runtime,
    async acquireTokenSilently(accountId, parameters, call) {
      const token = await runtime.acquireTokenSilently(accountId, parameters, call)
      const answered = token?.account?.localAccountId
      if (answered === undefined || answered.toLowerCase() === accountId.toLowerCase()) return token
      const context = 'The broker answered for another account'
      throw new MsalRuntimeError({ status: 'AccountSwitch', errorCode: 0n, tag: '', context })
    },
  }
}
