import '@mantine/core/styles/Input.css'
import { TextInput as MantineTextInput, type TextInputProps } from '@mantine/core'
import { Library } from './library'

/** A field for a line of text, with its label and what is wrong with it. */
export function TextInput(props: TextInputProps) {
  return (
    <Library>
      <MantineTextInput {...props} />
    </Library>
  )
}
