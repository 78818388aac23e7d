/** After so long without a touch the page counts as left alone, in milliseconds. */
const alone = 60_000

const state = { touched: Date.now() }

/** Notes each touch of the page. */
export function watchPresence(): void {
  const touch = () => {
    state.touched = Date.now()
  }
  for (const name of ['pointerdown', 'keydown', 'wheel', 'touchstart']) addEventListener(name, touch, { passive: true, capture: true })
}

/** Whether nobody is at the page: what it asks by itself must not keep a session alive. */
export const leftAlone = (now = Date.now()): boolean => now - state.touched > alone
