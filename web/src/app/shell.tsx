import { Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalog } from '@/api/catalog'
import { useSessionQuery, type Session } from '@/api/session'
import { isLanguage, speak } from '@/i18n/setup'
import { useLive } from '@/live/use-live'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { Alerts } from './alerts'
import { Finder } from './finder'
import { dayPlaces, homePlace, objectPlaces, otherPlaces } from './places'
import { OperationsDock } from './operations-dock'
import { SideBar } from './side-bar'
import { TabBar } from './tab-bar'
import { TopBar } from './top-bar'
import css from './shell.module.css'

/** What surrounds every page of somebody who is logged in. */
export function Shell() {
  const { t } = useTranslation('app')
  const session = useSessionQuery()
  if (session.data) return <Surroundings session={session.data} />
  if (!session.error) return null
  return (
    <EmptyState text={t('unreachable')}>
      <Button onClick={() => void session.refetch()}>{t('again')}</Button>
    </EmptyState>
  )
}

function Surroundings({ session }: { session: Session }) {
  const { t, i18n } = useTranslation('app')
  const objects = useCatalog()
  useLive()
  const { language } = session.user
  useEffect(() => {
    if (isLanguage(language) && language !== i18n.language) void speak(language)
  }, [language, i18n])
  const lists = objectPlaces(objects ?? [])
  const mayCreate = objects?.find(({ name }) => name === 'lead')?.can.create ?? false
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        {t('skip')}
      </a>
      <Alerts />
      <TopBar session={session} more={[...dayPlaces, ...lists.slice(1), ...otherPlaces(session.can)]}>
        <Finder reach={{ places: [homePlace, ...dayPlaces, ...lists, ...otherPlaces(session.can)], objects: objects ?? [], mayCreate, demo: session.company.demo }} />
      </TopBar>
      <SideBar groups={[[homePlace, ...dayPlaces, ...lists], otherPlaces(session.can)]} />
      <main id="content" className={css.content} tabIndex={-1}>
        <Outlet />
      </main>
      <TabBar mayCreate={mayCreate} />
      <OperationsDock />
    </div>
  )
}
