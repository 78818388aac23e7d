import type { ReactNode } from 'react'

interface Props {
  /** Names the content for those who do not see it. */
  label: string
  as?: 'div' | 'pre'
  className?: string
  children: ReactNode
}

/** Content that may be wider or longer than its place; the arrow keys scroll it once it has the focus. */
export function ScrollBox({ label, as: Tag = 'div', className, children }: Props) {
  return (
    // A scrolling place must be reachable by keyboard (axe: scrollable-region-focusable), and it is no landmark.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role
    <Tag className={className} role="group" aria-label={label} tabIndex={0}>
      {children}
    </Tag>
  )
}
