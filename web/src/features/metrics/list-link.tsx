import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface Props {
  filter: string
  className?: string
  'aria-label'?: string
  children: ReactNode
}

/** The way from a number to the leads that give it. */
export function ListLink({ filter, children, ...rest }: Props) {
  return (
    <Link to="/leads" search={{ filter }} {...rest}>
      {children}
    </Link>
  )
}
