import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface Props {
  filter: string
  /** Whose list; leads unless said. */
  object?: string
  className?: string
  'aria-label'?: string
  children: ReactNode
}

/** The way from a number to the records that give it. */
export function ListLink({ filter, object, children, ...rest }: Props) {
  const to = !object || object === 'lead' ? '/leads' : `/o/${object}`
  return (
    <Link to={to} search={{ filter }} {...rest}>
      {children}
    </Link>
  )
}
