import type { ComponentPropsWithRef, ElementType, ReactNode } from 'react'
import css from './button.module.css'

/** How a button looks, and what stands in it beside its text. */
export interface ButtonLook {
  variant?: 'filled' | 'default' | 'light' | 'subtle'
  size?: 'xs' | 'sm' | 'md' | 'compact-xs' | 'compact-sm'
  /** For what cannot be taken back. */
  color?: 'red'
  fullWidth?: boolean
  leftSection?: ReactNode
  rightSection?: ReactNode
  /** Whether what it began still runs; it cannot be pressed meanwhile. */
  loading?: boolean
  disabled?: boolean
}

/** A button; with `component` something else that looks like one. */
type Props<Root extends ElementType> = ButtonLook & { component?: Root } & Omit<ComponentPropsWithRef<Root>, keyof ButtonLook | 'component'>

/** The button of the whole app. Its own element, for it stands on the way to the first screen. */
export function Button<Root extends ElementType = 'button'>({ component, variant = 'filled', size = 'sm', color, fullWidth, leftSection, rightSection, loading = false, disabled, className, children, ...rest }: Props<Root>) {
  const Element: ElementType = component ?? 'button'
  const off = disabled || loading
  const state = component ? { 'data-disabled': off || undefined, 'aria-disabled': off || undefined } : { type: 'button', disabled: off }
  return (
    <Element {...state} {...rest} className={`${css.button} ${className ?? ''}`} data-variant={variant} data-size={size} data-color={color} data-block={fullWidth || undefined} data-loading={loading || undefined}>
      {leftSection && <span className={css.section}>{leftSection}</span>}
      <span className={css.label}>{children}</span>
      {rightSection && <span className={css.section}>{rightSection}</span>}
    </Element>
  )
}
