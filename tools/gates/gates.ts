import { bundles } from './bundles.ts'
import { documented } from './documented.ts'
import { exportSnapshot } from './exportSnapshot.ts'
import type { Gate } from './gate.ts'
import { runsEverywhere } from './runsEverywhere.ts'
import { tarballs } from './tarballs.ts'
import { words } from './words.ts'

/** In the order in which they run. */
export const gates: Gate[] = [exportSnapshot, documented, bundles, runsEverywhere, words, tarballs]
