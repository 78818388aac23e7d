import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef } from 'react'
import { Button, type ButtonLook } from './button'

interface Props extends ButtonLook, Omit<ComponentPropsWithRef<'a'>, keyof ButtonLook> {}

/** A link that looks like a button: for what leads to another page. */
export const ButtonLink = createLink((props: Props) => <Button component="a" {...props} />)
