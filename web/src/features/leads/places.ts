/** Where the lines of a scrolling box stand. */
export interface Places {
  /** How far from the top a line begins, in pixels. */
  top: (index: number) => number
  /** Which line is so far from the top. */
  at: (distance: number) => number
}

/** Lines of one height. */
export const evenPlaces = (height: number): Places => ({ top: (index) => index * height, at: (distance) => Math.floor(distance / height) })

/** Lines of several heights; below the last it goes on with that one's. */
export function unevenPlaces(heights: number[]): Places {
  const tops = [0]
  for (const height of heights) tops.push(tops[tops.length - 1] + height)
  const end = tops[heights.length]
  const last = heights[heights.length - 1] ?? 1
  return {
    top: (index) => tops[index] ?? end + (index - heights.length) * last,
    at: (distance) => (distance >= end ? heights.length + Math.floor((distance - end) / last) : lastAtMost(tops, distance)),
  }
}

/** The place of the last of ascending numbers that is at most `limit`; 0 where all are more. */
function lastAtMost(numbers: number[], limit: number): number {
  let [low, high] = [0, numbers.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (numbers[middle] <= limit) low = middle
    else high = middle - 1
  }
  return low
}
