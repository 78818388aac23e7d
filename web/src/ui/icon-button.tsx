import { ActionIcon, type ActionIconProps } from '@mantine/core'
import type { ComponentPropsWithRef, ReactNode } from 'react'

interface Props extends ActionIconProps, Omit<ComponentPropsWithRef<'button'>, keyof ActionIconProps> {
  /** What it does, for those who do not see the icon. */
  label: string
  children: ReactNode
}

/** A button that is an icon. */
export function IconButton({ label, children, ...rest }: Props) {
  return (
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} title={label} {...rest}>
      {children}
    </ActionIcon>
  )
}
