import type { ReactNode } from 'react'
import css from './empty-state.module.css'

/** What stands where nothing is yet: a sentence, and the next step. */
export function EmptyState({ icon, text, children }: { icon?: ReactNode; text: string; children?: ReactNode }) {
  return (
    <div className={css.empty}>
      {icon}
      <p>{text}</p>
      {children}
    </div>
  )
}
