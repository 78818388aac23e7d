import { Drawer as MantineDrawer, type DrawerProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** A panel that slides in from the side with a close button that says so. */
export function Drawer(props: DrawerProps) {
  const { t } = useTranslation('app')
  return <MantineDrawer position="right" closeButtonProps={{ 'aria-label': t('close') }} {...props} />
}
