import type { OnlyInChromium } from './engine-matrix.mjs'

export const onlyInChromium: OnlyInChromium[]
