const queues = /* @__PURE__ */ new Map<string, Promise<unknown>>()

/**
 * Lets the callers of this process in one after the other, in the order in which they came; a file lock is only for the others.
 *
 * @param name What they wait for.
 * @param body What each does.
 * @returns What `body` does.
 */
export async function inTurn<T>(name: string, body: () => Promise<T>): Promise<T> {
  const before = queues.get(name)
  const turn = (before ?? Promise.resolve()).then(body)
  const settled = turn.catch(() => {})
  queues.set(name, settled)
  try {
    return await turn
  } finally {
    if (queues.get(name) === settled) queues.delete(name)
  }
}
