import { promisifyRequest, type UseStore } from 'idb-keyval'
import { withTimeout } from './withTimeout.js'

const STORE = 'tokens'

/**
 * Opens a database when it is first used, and again when the browser has closed it. idb-keyval's own `createStore` keeps a connection
 * that blocks whoever deletes the database, and waits for ever for a browser that does not answer.
 *
 * @param indexedDB The browser's.
 * @param name The database.
 * @param timeout For each use, in milliseconds.
 * @returns What idb-keyval's functions take.
 */
export function openStore(indexedDB: IDBFactory, name: string, timeout: number): UseStore {
  let connection: Promise<IDBDatabase> | undefined
  const forget = (): void => void (connection = undefined)
  const connect = (): Promise<IDBDatabase> => {
    connection ??= open(indexedDB, name, forget)
    connection.catch(forget)
    return connection
  }
  return async <T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => T | PromiseLike<T>): Promise<T> => {
    const start = async (): Promise<T> => {
      let store: IDBObjectStore
      try {
        store = (await connect()).transaction(STORE, mode).objectStore(STORE)
      } catch (error) {
        // Safari closes connections without saying so.
        if ((error as Error).name !== 'InvalidStateError') throw error
        forget()
        store = (await connect()).transaction(STORE, mode).objectStore(STORE)
      }
      return use(store)
    }
    return withTimeout(timeout, start())
  }
}

async function open(indexedDB: IDBFactory, name: string, onClose: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name)
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE))
  const database = await promisifyRequest(request)
  database.addEventListener('close', onClose)
  // Another tab deletes the database.
  database.addEventListener('versionchange', () => {
    onClose()
    database.close()
  })
  return database
}
