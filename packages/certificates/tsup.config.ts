import { lib } from '../../tsup.base.js'

// A file for each module: what is loaded at the first call stays apart, without chunks that import each other for nothing.
export default lib('neutral', { entry: ['src/*.ts', '!src/*.d.ts'], bundle: false })
