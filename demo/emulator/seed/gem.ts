import * as hulls from './hull.ts'
import type { Picture } from './png.ts'
import type { Vector } from './vector.ts'
import * as vectors from './vector.ts'

// Bound once: where a development server runs these modules, an import is looked up anew at each of its million uses.
const { add, colour, cross, dot, mix, multiply, normalize, reflect, scale, smoothstep, subtract } = vectors
const { createHull, enter, exit } = hulls

interface Facet {
  readonly normal: Vector
  /** Distance of its plane from the origin. */
  readonly distance: number
  readonly tint: Vector
}

interface Stone {
  readonly facets: readonly Facet[]
  readonly hull: hulls.Hull
}

const WIDTH_PX = 480
const HEIGHT_PX = 360
export const GEM_SIZE = { widthPx: WIDTH_PX, heightPx: HEIGHT_PX }
const REFRACTION = 1.9
/** How often light is thrown back inside before it is taken to leave. */
const MAX_BOUNCES = 3
const CAMERA: Vector = [0, 1.55, -4.6]
const LOOK_AT: Vector = [0, -0.12, 0]
const ZOOM = 2.75
/** The part of the picture outside which the stone never comes. */
const BOX = { leftPx: 112, topPx: 96, widthPx: 256, heightPx: 168 }

// From violet to teal around the stone, so that a full turn is seen to be one although the cut repeats every 45°.
const TINTS = [colour('#7b5cff'), colour('#4f8cff'), colour('#27c4d6'), colour('#3ddc97'), colour('#c86bff')] as const

function tintAt(turn: number): Vector {
  const at = ((((turn / (2 * Math.PI)) % 1) + 1) % 1) * TINTS.length
  const from = TINTS[Math.floor(at) % TINTS.length] as Vector
  const to = TINTS[(Math.floor(at) + 1) % TINTS.length] as Vector
  return mix(from, to, at % 1)
}

/** One facet through three points; `outside` is a direction that it faces roughly. */
function facetThrough(a: Vector, b: Vector, c: Vector, tint: Vector): Facet {
  const across = normalize(cross(subtract(b, a), subtract(c, a)))
  const distance = dot(across, a)
  return distance < 0 ? { normal: scale(across, -1), distance: -distance, tint } : { normal: across, distance, tint }
}

/** A brilliant cut as the planes that bound it, turned about its upright axis. */
function brilliant(turn: number): Facet[] {
  const ring = (radius: number, height: number, step: number): Vector => {
    const angle = turn + (step * Math.PI) / 8
    return [radius * Math.cos(angle), height, radius * Math.sin(angle)]
  }
  const TABLE = 0.46
  const facets: Facet[] = [{ normal: [0, 1, 0], distance: TABLE, tint: [0.92, 0.96, 1] }]
  for (let i = 0; i < 16; i += 2) {
    const tint = tintAt((i * Math.PI) / 8)
    const next = tintAt(((i + 1) * Math.PI) / 8)
    const girdle = ring(1.15, 0.06, i)
    const below = ring(1.15, -0.02, i)
    const culet: Vector = [0, -0.98, 0]
    // Kite between table and girdle, star beside the table, the two halves at the girdle.
    facets.push(facetThrough(ring(0.68, TABLE, i), ring(0.93, 0.29, i - 1), ring(0.93, 0.29, i + 1), tint))
    facets.push(facetThrough(ring(0.68, TABLE, i), ring(0.68, TABLE, i + 2), ring(0.93, 0.29, i + 1), next))
    facets.push(facetThrough(girdle, ring(0.93, 0.29, i + 1), ring(1.14, 0.06, i + 1), next))
    facets.push(facetThrough(girdle, ring(0.93, 0.29, i - 1), ring(1.14, 0.06, i - 1), tint))
    facets.push(facetThrough(below, ring(1.15, -0.02, i + 2), culet, next))
    facets.push(facetThrough(below, ring(0.52, -0.56, i + 1), ring(0.52, -0.56, i - 1), tint))
    facets.push({ normal: normalize([girdle[0], 0, girdle[2]]), distance: 1.15, tint })
  }
  return facets
}

const WHITE: Vector = [1, 1, 1]
const CEILING = colour('#eef3ff')
const HORIZON = colour('#20243f')
const FLOOR = colour('#c9d2ee')
const FLOOR_EDGE = colour('#3c4166')
const KEY_LAMP = normalize([-0.6, 0.72, -0.45])
const RIM_LAMP = normalize([0.75, 0.35, 0.5])
const WALL_GLOW = colour('#fbfcff')
const WALL_EDGE = colour('#cfd6ea')
const SHADOW = colour('#6f78a6')
const CAUSTIC = colour('#9aa8ff')

/** The studio: a bright ceiling with two soft lamps, a dim horizon, a light floor. */
function studio(direction: Vector): Vector {
  const height = direction[1]
  const sky = mix(HORIZON, CEILING, smoothstep(-0.25, 0.9, height))
  const floor = mix(FLOOR_EDGE, FLOOR, smoothstep(-0.1, -1, height))
  const base = height > 0 ? sky : mix(sky, floor, smoothstep(0, -0.25, height))
  const key = smoothstep(0.86, 0.97, dot(direction, KEY_LAMP))
  const rim = smoothstep(0.9, 0.98, dot(direction, RIM_LAMP))
  return add(base, add(scale([1.5, 1.45, 1.35], key), scale([0.9, 1, 1.3], rim)))
}

/** Snell's law; `undefined` where all light is thrown back. `normal` faces the ray. */
function refract(direction: Vector, normal: Vector, ratio: number): Vector | undefined {
  const cosine = -dot(direction, normal)
  const rest = 1 - ratio * ratio * (1 - cosine * cosine)
  if (rest < 0) return undefined
  return add(scale(direction, ratio), scale(normal, ratio * cosine - Math.sqrt(rest)))
}

/** Light that came through the stone, coloured by each facet that it was thrown back from. */
function throughStone(stone: Stone, entryPoint: Vector, entryDirection: Vector, tint: Vector): Vector {
  let point = entryPoint
  let direction = entryDirection
  let filter = tint
  for (let bounce = 0; ; bounce++) {
    const { at, plane } = exit(stone.hull, point, direction)
    const met = stone.facets[plane] as Facet
    point = add(point, scale(direction, at))
    const out = refract(direction, scale(met.normal, -1), REFRACTION)
    if (out || bounce === MAX_BOUNCES) return multiply(studio(out ?? direction), filter)
    direction = reflect(direction, met.normal)
    filter = multiply(filter, mix(WHITE, met.tint, 0.42))
  }
}

/** A soft glow, and on the floor the stone's shadow with the light that it lets through. */
function backdropAt(x: number, y: number): Vector {
  const glow = Math.exp(-(x * x * 0.9 + (y - 0.1) * (y - 0.1) * 1.6))
  const wall = mix(WALL_EDGE, WALL_GLOW, glow)
  const shadow = Math.exp(-(((x / 0.78) ** 2 + ((y + 0.76) / 0.11) ** 2) * 1.1))
  const light = Math.exp(-(((x - 0.05) / 0.27) ** 2 + ((y + 0.775) / 0.055) ** 2))
  return add(mix(wall, SHADOW, 0.62 * shadow), scale(CAUSTIC, 0.42 * light))
}

const FORWARD = normalize(subtract(LOOK_AT, CAMERA))
const RIGHT = normalize(cross([0, 1, 0], FORWARD))
const UP = cross(FORWARD, RIGHT)

/** The stone at a point of the picture, `undefined` beside it. */
function look(stone: Stone, x: number, y: number): Vector | undefined {
  const direction = normalize(add(scale(FORWARD, ZOOM), add(scale(RIGHT, x), scale(UP, y))))
  const hit = enter(stone.hull, CAMERA, direction)
  if (!hit) return undefined
  const { normal, tint } = stone.facets[hit.plane] as Facet
  const mirrored = studio(reflect(direction, normal))
  const fresnel = 0.09 + 0.91 * (1 + dot(direction, normal)) ** 5
  const inside = refract(direction, normal, 1 / REFRACTION) ?? direction
  const through = throughStone(stone, add(CAMERA, scale(direction, hit.at)), inside, mix(WHITE, tint, 0.55))
  return add(scale(mirrored, fresnel), scale(through, 1 - fresnel))
}

const xOf = (px: number) => ((px - WIDTH_PX / 2) / HEIGHT_PX) * 2
const yOf = (px: number) => 1 - (px / HEIGHT_PX) * 2
/** Darkens the middle tones a little. */
const TONES = Uint8Array.from({ length: 1025 }, (_, i) => Math.round(255 * (i / 1024) ** 1.06))
const toByte = (light: number) => TONES[Math.min(1024, Math.max(0, Math.round(light * 1024)))] as number

/** How different two neighbouring points look; beside the stone counts as far from anything on it. */
function contrast(a: Vector | undefined, b: Vector | undefined): number {
  if (!a || !b) return a === b ? 0 : 1
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2])
}

const isOnEdge = (points: readonly (Vector | undefined)[], i: number) =>
  contrast(points[i], points[i - 1]) > 0.16 ||
  contrast(points[i], points[i + 1]) > 0.16 ||
  contrast(points[i], points[i - BOX.widthPx]) > 0.16 ||
  contrast(points[i], points[i + BOX.widthPx]) > 0.16

const FINER = [
  [0.125, 0.375],
  [0.625, 0.125],
  [0.375, 0.875],
  [0.875, 0.625],
] as const

const toRgb = (rgb: Uint8Array, pixel: number, light: Vector) => {
  rgb[pixel * 3] = toByte(light[0])
  rgb[pixel * 3 + 1] = toByte(light[1])
  rgb[pixel * 3 + 2] = toByte(light[2])
}

/** The picture without the stone, the same for every frame. */
let emptyStudio: Uint8Array | undefined

function drawStudio(): Uint8Array {
  const rgb = new Uint8Array(WIDTH_PX * HEIGHT_PX * 3)
  for (let i = 0; i < WIDTH_PX * HEIGHT_PX; i++)
    toRgb(rgb, i, backdropAt(xOf((i % WIDTH_PX) + 0.5), yOf(Math.floor(i / WIDTH_PX) + 0.5)))
  return rgb
}

/** The stone as seen after `turn` radians. Points that differ from their neighbours are looked at four more times. */
export function drawGem(turn: number): Picture {
  emptyStudio ??= drawStudio()
  const rgb = emptyStudio.slice()
  const facets = brilliant(turn)
  const stone: Stone = { facets, hull: createHull(facets) }
  const points: (Vector | undefined)[] = []
  for (let row = 0; row < BOX.heightPx; row++)
    for (let column = 0; column < BOX.widthPx; column++)
      points.push(look(stone, xOf(BOX.leftPx + column + 0.5), yOf(BOX.topPx + row + 0.5)))

  for (let i = 0; i < points.length; i++) {
    const column = BOX.leftPx + (i % BOX.widthPx)
    const row = BOX.topPx + Math.floor(i / BOX.widthPx)
    let light = points[i]
    if (isOnEdge(points, i)) {
      light = [0, 0, 0]
      for (const [dx, dy] of FINER) {
        const x = xOf(column + dx)
        const y = yOf(row + dy)
        light = add(light, scale(look(stone, x, y) ?? backdropAt(x, y), 1 / FINER.length))
      }
    }
    if (light) toRgb(rgb, row * WIDTH_PX + column, light)
  }
  return { ...GEM_SIZE, rgb }
}
