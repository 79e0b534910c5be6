/**
 * Names the channel between the page that a sign-in comes back to and the one that waits for it.
 *
 * @param state The sign-in's state: nobody else hears of its answer.
 * @returns The name; pages of one origin share it.
 */
export const channelName = (state: string): string => `latchkey.${state}`
