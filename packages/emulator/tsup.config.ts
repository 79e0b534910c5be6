import { lib } from '../../tsup.base.js'

export default lib('neutral', { entry: ['src/index.ts', 'src/cli.ts'], external: [/^node:/] })
