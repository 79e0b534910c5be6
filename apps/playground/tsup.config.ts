import { lib } from '../../tsup.base.js'

export default lib('node', { entry: ['src/server/main.ts'], outDir: 'dist/server', target: 'node20' })
