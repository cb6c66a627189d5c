import type { Vector } from './vector.ts'

/** A convex body as the planes that bound it. */
export interface Hull {
  readonly count: number
  /** Four numbers a plane: its normal and its distance from the origin. Flat, because rays ask millions of times. */
  readonly planes: Float64Array
}

/** Where a ray met a hull: how far along, and which plane. */
export interface Hit {
  at: number
  plane: number
}

export function createHull(planes: readonly { normal: Vector; distance: number }[]): Hull {
  return {
    count: planes.length,
    planes: Float64Array.from(planes.flatMap(({ normal, distance }) => [...normal, distance])),
  }
}

/** Where a ray from outside enters; `undefined` where it misses. */
export function enter({ count, planes }: Hull, from: Vector, direction: Vector): Hit | undefined {
  const [fx, fy, fz] = from
  const [dx, dy, dz] = direction
  let at = 0
  let leave = Infinity
  let plane = -1
  for (let i = 0; i < count; i++) {
    const nx = planes[i * 4] as number
    const ny = planes[i * 4 + 1] as number
    const nz = planes[i * 4 + 2] as number
    const towards = nx * dx + ny * dy + nz * dz
    const distance = ((planes[i * 4 + 3] as number) - nx * fx - ny * fy - nz * fz) / towards
    if (towards < 0) {
      if (distance > at) {
        at = distance
        plane = i
      }
    } else if (distance < leave) leave = distance
    if (at > leave) return undefined
  }
  return plane < 0 ? undefined : { at, plane }
}

/** Where a ray from inside leaves. */
export function exit({ count, planes }: Hull, from: Vector, direction: Vector): Hit {
  const [fx, fy, fz] = from
  const [dx, dy, dz] = direction
  let at = Infinity
  let plane = 0
  for (let i = 0; i < count; i++) {
    const nx = planes[i * 4] as number
    const ny = planes[i * 4 + 1] as number
    const nz = planes[i * 4 + 2] as number
    const towards = nx * dx + ny * dy + nz * dz
    if (towards <= 1e-9) continue
    const distance = ((planes[i * 4 + 3] as number) - nx * fx - ny * fy - nz * fz) / towards
    if (distance < at) {
      at = distance
      plane = i
    }
  }
  return { at: Math.max(at, 0), plane }
}
