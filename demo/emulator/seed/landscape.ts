import type { Picture } from './png.ts'
import type { Vector } from './vector.ts'
import * as vectors from './vector.ts'

// Bound once: where a development server runs these modules, an import is looked up anew at each of its million uses.
const { add, colour, mix, scale, smoothstep } = vectors

/** A scene: hills in front of one another under a sky, each nearer one less hidden by haze. */
export interface Scene {
  readonly name: string
  readonly visibility: 'public' | 'private'
  /** Colours of the sky from the zenith to the horizon. */
  readonly sky: readonly [string, string, string]
  /** Two or more. */
  readonly hillCount: number
  /** Colours of the farthest and of the nearest hill. */
  readonly hills: readonly [string, string]
  /** The sun or moon: where it stands, in shares of the picture, its radius, colour and glow. */
  readonly sun: {
    readonly x: number
    readonly y: number
    readonly radius: number
    readonly colour: string
    readonly glow: number
  }
  /** Height of the hills, in shares of the picture. */
  readonly relief: number
  /** Where the water begins, from the top in shares of the picture; 1 means no water. */
  readonly waterline: number
  readonly hasStars?: boolean
  readonly seed: number
}

export const SCENES: readonly Scene[] = [
  {
    name: 'morning-mist.png',
    visibility: 'public',
    sky: ['#7fb2e5', '#d9e6f2', '#ffe9c9'],
    hills: ['#b9cfe0', '#1f4a55'],
    sun: { x: 0.68, y: 0.36, radius: 0.035, colour: '#fff6dc', glow: 0.9 },
    hillCount: 6,
    relief: 0.2,
    waterline: 1,
    seed: 11,
  },
  {
    name: 'evening-lake.png',
    visibility: 'public',
    sky: ['#3a3f7d', '#c7638f', '#ffb37a'],
    hills: ['#a2648d', '#241d3d'],
    sun: { x: 0.4, y: 0.3, radius: 0.05, colour: '#fff0c2', glow: 1 },
    hillCount: 4,
    relief: 0.17,
    waterline: 0.66,
    seed: 4,
  },
  {
    name: 'desert-noon.png',
    visibility: 'public',
    sky: ['#3f8fd0', '#9fd0ee', '#fbe7c6'],
    hills: ['#e9bf94', '#a4512f'],
    sun: { x: 0.22, y: 0.2, radius: 0.04, colour: '#fffdf0', glow: 0.7 },
    hillCount: 5,
    relief: 0.13,
    waterline: 1,
    seed: 23,
  },
  {
    name: 'fjord.png',
    visibility: 'public',
    sky: ['#8fa9bd', '#cfdde4', '#f2f1ea'],
    hills: ['#a9bdc6', '#22383a'],
    sun: { x: 0.55, y: 0.25, radius: 0.03, colour: '#ffffff', glow: 0.6 },
    hillCount: 5,
    relief: 0.34,
    waterline: 0.7,
    seed: 37,
  },
  {
    name: 'night-ridge.png',
    visibility: 'private',
    sky: ['#070b24', '#1b2a5b', '#4d5f9c'],
    hills: ['#33447c', '#060a19'],
    sun: { x: 0.76, y: 0.22, radius: 0.04, colour: '#f5f2dd', glow: 0.35 },
    hillCount: 5,
    relief: 0.22,
    waterline: 1,
    hasStars: true,
    seed: 52,
  },
  {
    name: 'winter-dusk.png',
    visibility: 'private',
    sky: ['#51679f', '#b7a6cf', '#ffd3cf'],
    hills: ['#c4c3de', '#46547f'],
    sun: { x: 0.5, y: 0.44, radius: 0.032, colour: '#fff3ea', glow: 0.8 },
    hillCount: 6,
    relief: 0.26,
    waterline: 0.8,
    hasStars: true,
    seed: 71,
  },
]

/** Half the width of a ridge's soft edge, in shares of the picture. */
const EDGE = 0.0015
const WIDTH_PX = 720
const HEIGHT_PX = 480
export const LANDSCAPE_SIZE = { widthPx: WIDTH_PX, heightPx: HEIGHT_PX }

/** The same number between 0 and 1 for the same two integers. */
function noiseAt(x: number, seed: number): number {
  let hash = Math.imul(x, 374_761_393) ^ Math.imul(seed, 668_265_263)
  hash = Math.imul(hash ^ (hash >>> 13), 1_274_126_177)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

function smoothNoise(x: number, seed: number): number {
  const left = Math.floor(x)
  const share = smoothstep(0, 1, x - left)
  return noiseAt(left, seed) * (1 - share) + noiseAt(left + 1, seed) * share
}

/** A ridge line from 0 to 1: broad waves with ever finer ones on them. */
function ridge(x: number, seed: number): number {
  let height = 0
  let weight = 0.5
  let frequency = 2.5
  for (let octave = 0; octave < 7; octave++) {
    height += weight * smoothNoise(x * frequency, seed + octave)
    weight *= 0.5
    frequency *= 2.1
  }
  return height
}

/** A scene's colours, read once. */
interface Palette {
  readonly zenith: Vector
  readonly middle: Vector
  readonly horizon: Vector
  readonly sun: Vector
  readonly hills: readonly Vector[]
  readonly water: Vector
}

function paletteOf({ sky, hills, sun, hillCount }: Scene): Palette {
  const [zenith, middle, horizon] = sky.map(colour) as [Vector, Vector, Vector]
  const [far, near] = hills.map(colour) as [Vector, Vector]
  const shares = Array.from({ length: hillCount }, (_, i) => mix(far, near, i / (hillCount - 1)))
  return { zenith, middle, horizon, sun: colour(sun.colour), hills: shares, water: near }
}

function skyAt(scene: Scene, palette: Palette, x: number, y: number): Vector {
  const { zenith, middle, horizon } = palette
  const gradient =
    y < 0.35 ? mix(zenith, middle, smoothstep(0, 0.35, y)) : mix(middle, horizon, smoothstep(0.35, 0.68, y))
  const { sun } = scene
  const away = Math.hypot((x - sun.x) * (WIDTH_PX / HEIGHT_PX), y - sun.y)
  const disc = smoothstep(sun.radius + 0.002, sun.radius - 0.002, away)
  const glow = sun.glow * (0.5 * Math.exp(-away * 11) + 0.4 * Math.exp(-away * 3.2))
  const lit = mix(gradient, palette.sun, Math.max(disc, glow))
  if (!scene.hasStars) return lit
  const star = noiseAt(Math.floor(x * WIDTH_PX) * 733 + Math.floor(y * HEIGHT_PX), scene.seed)
  return star > 0.9985 ? add(lit, scale([0.7, 0.75, 0.8], ((star - 0.9985) / 0.0015) * smoothstep(0.5, 0, y))) : lit
}

/** Sky and hills, without water. `lines` are the ridges in this column, the farthest first. */
function landAt(scene: Scene, palette: Palette, lines: readonly number[], x: number, y: number): Vector {
  // What stands nearest hides the rest, but for the half pixel of its edge.
  let nearest = lines.length - 1
  while (nearest >= 0 && y - (lines[nearest] as number) < EDGE) nearest -= 1
  let light = nearest < 0 ? skyAt(scene, palette, x, y) : palette.water
  for (let i = Math.max(0, nearest); i < lines.length; i++) {
    const depth = y - (lines[i] as number)
    if (depth <= -EDGE) continue
    const haze = 0.55 * (1 - i / (lines.length - 1)) * smoothstep(0, 0.22, depth)
    light = mix(light, mix(palette.hills[i] as Vector, palette.horizon, haze), smoothstep(-EDGE, EDGE, depth))
  }
  return light
}

/** One point: land, or land mirrored in rippled water. */
function lookAt(scene: Scene, palette: Palette, lines: readonly (readonly number[])[], x: number, y: number): Vector {
  const linesAt = (at: number) => lines[Math.round(at * WIDTH_PX)] as readonly number[]
  if (y < scene.waterline) return landAt(scene, palette, linesAt(x), x, y)
  const depth = y - scene.waterline
  const ripple = (smoothNoise(depth * 190 + smoothNoise(x * 9, scene.seed) * 3, scene.seed + 99) - 0.5) * 0.05
  const mirroredX = Math.min(1, Math.max(0, x + ripple * (0.15 + depth)))
  const mirroredY = Math.max(0, scene.waterline - depth * 1.15 + ripple * depth)
  const mirrored = landAt(scene, palette, linesAt(mirroredX), mirroredX, mirroredY)
  return mix(mirrored, palette.water, 0.2 + 0.35 * smoothstep(0, 1 - scene.waterline, depth))
}

export function drawLandscape(scene: Scene): Picture {
  const bottom = Math.min(scene.waterline, 0.98)
  const lines = Array.from({ length: WIDTH_PX + 1 }, (_, column) =>
    Array.from({ length: scene.hillCount }, (_, i) => {
      const share = i / (scene.hillCount - 1)
      const base = bottom - 0.24 * (1 - share) + (scene.waterline < 1 ? 0.05 : 0.02)
      return base - scene.relief * (1.15 - 0.55 * share) * ridge(column / WIDTH_PX + i * 3.7, scene.seed + i * 17)
    }),
  )
  const palette = paletteOf(scene)
  const rgb = new Uint8Array(WIDTH_PX * HEIGHT_PX * 3)
  for (let row = 0; row < HEIGHT_PX; row++)
    for (let column = 0; column < WIDTH_PX; column++) {
      const light = lookAt(scene, palette, lines, column / WIDTH_PX, row / HEIGHT_PX)
      // A grain of half a step hides the bands that eight bits leave in a smooth sky.
      const grain = noiseAt(row * WIDTH_PX + column, 7) - 0.5
      for (let i = 0; i < 3; i++)
        rgb[(row * WIDTH_PX + column) * 3 + i] = Math.min(255, Math.max(0, Math.round((light[i] ?? 0) * 255 + grain)))
    }
  return { ...LANDSCAPE_SIZE, rgb }
}
