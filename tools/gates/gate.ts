/** One named thing that is looked at. */
export interface GateCheck {
  name: string
  /** Throws where it does not hold; the message says what and where. */
  run: () => unknown
}

export interface GateOptions {
  /** Write what is compared anew. */
  update: boolean
  verbose: boolean
}

export interface Gate {
  name: string
  checks: (options: GateOptions) => GateCheck[]
}
