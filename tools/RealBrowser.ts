/** A browser that a test drives. */
export interface RealBrowser {
  /** Opens a page in a tab of its own; all tabs share what they store. */
  openTab(url: string): Promise<Tab>
  /** All tabs, with those that pages opened. */
  tabs(): Promise<Tab[]>
  close(): Promise<void>
}

/** A tab of it. */
export interface Tab {
  /**
   * Evaluates an expression in the page.
   *
   * @param expression JavaScript; a promise is waited for.
   * @returns Its value, which has to be JSON; `null` for `undefined`.
   */
  evaluate<T>(expression: string): Promise<T>
  /** Clicks on an element, as a person does. */
  click(selector: string): Promise<void>
}
