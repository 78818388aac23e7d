import '@mantine/core/styles/Overlay.css'
import '@mantine/core/styles/Paper.css'
import '@mantine/core/styles/CloseButton.css'
import '@mantine/core/styles/ModalBase.css'
import '@mantine/core/styles/ScrollArea.css'
import '@mantine/core/styles/Drawer.css'
import { Drawer as MantineDrawer, type DrawerProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Library } from './library'
import { useFocusBack } from './use-focus-back'
import { closingByEscape } from './closing-by-escape'

/** A panel that slides in from the side with a close button that says so. */
export function Drawer(props: DrawerProps) {
  const { t } = useTranslation('app')
  useFocusBack()
  return (
    <Library>
      <MantineDrawer position="right" closeButtonProps={{ 'aria-label': t('close') }} attributes={{ header: { role: 'presentation' } }} {...props} {...closingByEscape(props)} />
    </Library>
  )
}
