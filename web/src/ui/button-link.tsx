import { Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef } from 'react'

interface Props extends ButtonProps, Omit<ComponentPropsWithRef<'a'>, keyof ButtonProps> {}

/** A link that looks like a button: for what leads to another page. */
export const ButtonLink = createLink((props: Props) => <Button component="a" {...props} />)
