import type { ComponentPropsWithRef, ReactNode } from 'react'
import css from './icon-button.module.css'

interface Props extends Omit<ComponentPropsWithRef<'button'>, 'aria-label' | 'title'> {
  /** What it does, for those who do not see the icon. */
  label: string
  /** Its side in pixels. */
  size?: number
  children: ReactNode
}

/** A button that is an icon. */
export function IconButton({ label, size = 36, className, style, children, ...rest }: Props) {
  return (
    <button type="button" aria-label={label} title={label} className={`${css.button} ${className ?? ''}`} style={{ width: size, height: size, ...style }} {...rest}>
      {children}
    </button>
  )
}
