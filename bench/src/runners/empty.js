// What the import of any file costs.
export const nothing = undefined
