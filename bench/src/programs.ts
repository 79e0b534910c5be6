/** The client credentials program, written with each library and without any. */
export const programs = ['latchkey', 'oauth4webapi', 'msal-node', 'azure-identity', 'floor'] as const

/** One of the programs. */
export type Program = (typeof programs)[number]

/** Its module. */
export const programUrl = (program: Program): URL => new URL(`../programs/${program}.js`, import.meta.url)
