import '@mantine/core/styles/Overlay.css'
import '@mantine/core/styles/Paper.css'
import '@mantine/core/styles/CloseButton.css'
import '@mantine/core/styles/ModalBase.css'
import '@mantine/core/styles/ScrollArea.css'
import '@mantine/core/styles/Modal.css'
import { Modal as MantineModal, type ModalProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Library } from './library'
import { useFocusBack } from './use-focus-back'
import { closingByEscape } from './closing-by-escape'

/** A dialog over the page, with a close button that says so. */
export function Modal(props: ModalProps) {
  const { t } = useTranslation('app')
  useFocusBack()
  return (
    <Library>
      <MantineModal closeButtonProps={{ 'aria-label': t('close') }} attributes={{ header: { role: 'presentation' } }} {...props} {...closingByEscape(props)} />
    </Library>
  )
}
