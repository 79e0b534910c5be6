import type { UseStore } from 'idb-keyval'

/**
 * Looks at two values and changes the database, in one transaction. idb-keyval's `update` can neither do that, nor leave things as they
 * are, nor say why a transaction was aborted.
 *
 * @param use The database.
 * @param keys Where to look.
 * @param body Is given the values; synchronous, because a transaction ends when something else is waited for.
 * @returns What `body` returned, when it is written.
 * @throws {DOMException} what the browser says: `QuotaExceededError`, `DataCloneError`.
 */
export async function change<T>(
  use: UseStore,
  keys: readonly [string, string?],
  body: (values: readonly [unknown, unknown], store: IDBObjectStore) => T,
): Promise<T> {
  return use(
    'readwrite',
    (store) =>
      new Promise((resolve, reject) => {
        const { transaction } = store
        const [first, second = first] = keys
        const requests = [store.get(first), store.get(second)] as const
        let result: T
        let thrown: unknown
        // The answers come in order.
        requests[1].addEventListener('success', () => {
          try {
            result = body([requests[0].result, requests[1].result], store)
          } catch (error) {
            thrown = error
            transaction.abort()
          }
        })
        transaction.addEventListener('complete', () => resolve(result))
        transaction.addEventListener('abort', () => reject(thrown ?? transaction.error))
      }),
  )
}
