export interface Point {
  x: number
  y: number
}

/** How far a pointer moves before it means to carry, in pixels. */
const slack = 6

/** Whether a pointer has left the place where it was put down. */
export const beganAt = (start: Point, at: Point): boolean => Math.hypot(at.x - start.x, at.y - start.y) > slack

const edge = 48
const fastest = 16

/** How far a strip scrolls in one frame for a card that is held near its edge: the nearer, the faster. */
export function edgePush(x: number, { left, right }: { left: number; right: number }): number {
  const into = (depth: number) => Math.round(fastest * Math.min(1, depth / edge))
  if (x < left + edge) return -into(left + edge - x)
  if (x > right - edge) return into(x - (right - edge))
  return 0
}
