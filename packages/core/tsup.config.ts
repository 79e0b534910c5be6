import { lib } from '../../tsup.base.js'

// oauth4webapi is compiled in: bundlers cannot drop its module-level statements from outside, a tree-shaken copy has none.
export default lib('neutral', { noExternal: ['oauth4webapi'], treeshake: { propertyReadSideEffects: false } })
