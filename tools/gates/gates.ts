/** One named thing that is looked at. */
export interface GateCheck {
  name: string
  /** Throws where it does not hold; the message says what and where. */
  run: () => void | Promise<void>
}

export interface Gate {
  name: string
  checks(options: { update: boolean; verbose: boolean }): GateCheck[] | Promise<GateCheck[]>
}

export const gates: Gate[] = []
