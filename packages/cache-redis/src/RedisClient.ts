/** What is used of a connection to Redis: a client of node-redis has it; for others it is one line. */
export interface RedisClient {
  /**
   * Sends one command.
   *
   * @param args The command's name and arguments.
   * @returns The reply: texts (or their bytes), numbers, `null`, and lists of these.
   */
  sendCommand(args: string[]): Promise<unknown>
}

/** What is used of a connection that listens: a client of node-redis has it. */
export interface RedisSubscriber {
  /**
   * Begins to listen.
   *
   * @param channel The channel.
   * @param listener Called with each message.
   * @returns When it listens.
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  /**
   * Ends it.
   *
   * @param channel The channel.
   * @param listener The same listener.
   * @returns When it has ended.
   */
  unsubscribe(channel: string, listener: (message: string) => void): Promise<unknown>
}
