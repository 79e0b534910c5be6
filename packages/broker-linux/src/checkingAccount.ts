import { MsalRuntimeError, type MsalRuntime } from '@latchkey/msalruntime'

/**
 * Refuses a silent token of another user than was asked for. On Linux the library does not: its account has the ids that it was asked
 * for, whoever the broker answered for; only the ID token is the answer's.
 *
 * @param runtime The library.
 * @returns The library, which refuses it.
 */
export function checkingAccount(runtime: MsalRuntime): MsalRuntime {
  return {
    ...runtime,
    async acquireTokenSilently(accountId, parameters, call) {
      const token = await runtime.acquireTokenSilently(accountId, parameters, call)
      const answered = objectId(token?.idToken)
      if (!answered || !isObjectId(accountId) || answered.toLowerCase() === accountId.toLowerCase()) return token
      const context = 'The broker answered for another account'
      throw new MsalRuntimeError({ status: 'AccountSwitch', errorCode: 0n, tag: '', context })
    },
  }
}

/** Personal accounts go by another id. */
const isObjectId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

function objectId(claims = '{}'): string | undefined {
  try {
    const { oid } = Object(JSON.parse(claims)) as { oid?: unknown }
    return typeof oid === 'string' ? oid : undefined
  } catch {
    return undefined
  }
}
