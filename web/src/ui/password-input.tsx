import '@mantine/core/styles/ActionIcon.css'
import '@mantine/core/styles/Input.css'
import '@mantine/core/styles/PasswordInput.css'
import { PasswordInput as MantinePasswordInput, type PasswordInputProps } from '@mantine/core'
import { Library } from './library'

/** A field for a password, which an eye makes readable. */
export function PasswordInput(props: PasswordInputProps) {
  return (
    <Library>
      <MantinePasswordInput {...props} />
    </Library>
  )
}
