/** Who waits for an item. */
interface Waiting<Item> {
  readonly item: Item
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/**
 * Makes a queue for each name: what comes while earlier items of the same name are worked on waits and is then done together, so that
 * nobody waits for more than two rounds.
 *
 * @param work Does some items; returns what each failed with, in its place.
 * @returns A function that adds an item, and resolves or rejects as that item does.
 */
export function batches<Item>(
  work: (name: string, items: Item[]) => Promise<readonly ({ readonly error: unknown } | undefined)[]>,
): (name: string, item: Item) => Promise<void> {
  const queues = new Map<string, Waiting<Item>[]>()

  async function drain(name: string): Promise<void> {
    for (;;) {
      const batch = queues.get(name) ?? []
      if (batch.length === 0) break
      queues.set(name, [])
      try {
        const failures = await work(
          name,
          batch.map(({ item }) => item),
        )
        for (const [index, { resolve, reject }] of batch.entries()) {
          const failure = failures[index]
          if (failure) reject(failure.error)
          else resolve()
        }
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    queues.delete(name)
  }

  return (name, item) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(name)
      queues.set(name, [...(queue ?? []), { item, resolve, reject }])
      if (!queue) void drain(name)
    })
}
