import type { KeyboardEvent } from 'react'

interface Panel {
  closeOnEscape?: boolean
  onClose: () => void
}

/** Escape closes a panel, unless something inside of it took the key: a list that hangs open, another panel. */
export function closingByEscape({ closeOnEscape = true, onClose }: Panel) {
  return {
    closeOnEscape: false,
    onKeyDown: (event: KeyboardEvent) => {
      if (!closeOnEscape || event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return
      event.preventDefault()
      onClose()
    },
  }
}
