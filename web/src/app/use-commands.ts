import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { CatalogObject } from '@/api/catalog'
import { useLogOut } from '@/api/session'
import { useChooseLanguage } from '@/i18n/account'
import { languages } from '@/i18n/setup'
import { notifyError } from '@/ui/notify'
import { useScheme } from '@/ui/scheme'
import { commandsOf, type Command } from './commands'
import type { Place } from './places'

/** What somebody can get at: the menu, the objects, and whether leads may be made. */
export interface Reach {
  places: Place[]
  objects: CatalogObject[]
  mayCreate: boolean
  demo: boolean
}

/** The commands of whoever is logged in. */
export function useCommands(reach: Reach): Command[] {
  const { t, i18n } = useTranslation('app')
  const { dark, toggle } = useScheme()
  const choose = useChooseLanguage()
  const logOut = useLogOut()
  const navigate = useNavigate()
  const other = languages.find((language) => language !== i18n.language) ?? languages[0]
  return commandsOf({
    ...reach,
    dark,
    t: (key) => t(key),
    toggleScheme: toggle,
    otherLanguage: { label: t(`languages.${other}`), speak: () => choose(other) },
    logOut: () => void logOut.mutateAsync().then(() => navigate({ to: '/login' }), notifyError),
  })
}
