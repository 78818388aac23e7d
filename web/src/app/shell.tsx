import { Link, Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { askToLogInAgain } from '@/api/again'
import { useCatalog } from '@/api/catalog'
import { useSession, useSessionQuery, type Session } from '@/api/session'
import { dateFormat } from '@/format/intl'
import { useAccountLanguage } from '@/i18n/account'
import { learnPages } from '@/i18n/setup'
import { useLive } from '@/live/use-live'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { Alerts } from './alerts'
import { Finder } from './finder'
import { dayPlaces, homePlace, objectPlaces, otherPlaces, settingsPlaces } from './places'
import { Keys } from './key-listener'
import { OperationsDock } from './operations-dock'
import { SideBar } from './side-bar'
import { TabBar } from './tab-bar'
import { TopBar } from './top-bar'
import css from './shell.module.css'

/** What surrounds every page of somebody who is logged in. */
export function Shell() {
  const { t } = useTranslation('app')
  const session = useSessionQuery()
  const readable = useAccountLanguage(session.data?.user.language)
  if (session.data && !readable) return null
  if (session.data?.duty) return <Suspended part={<DutyPage session={session.data} />} />
  if (session.data) return <Surroundings session={session.data} />
  if (!session.error) return null
  return (
    <EmptyState text={t('unreachable')}>
      <Button onClick={() => void session.refetch()}>{t('again')}</Button>
    </EmptyState>
  )
}

const DutyPage = lazy(async () => {
  const [{ DutyPage: component }] = await Promise.all([import('./duty-page'), learnPages()])
  return { default: component }
})
const AgainDialog = lazy(() => import('@/features/auth/again-dialog').then(({ AgainDialog: component }) => ({ default: component })))

function Suspended({ part }: { part: ReactNode }) {
  return <Suspense fallback={null}>{part}</Suspense>
}

/** Lets somebody whose session ended log in anew over the present page. */
function SignedOut({ session }: { session: Session }) {
  const [waiting, setWaiting] = useState<(() => void) | null>(null)
  useEffect(() => {
    askToLogInAgain(() => new Promise((done) => setWaiting(() => done)))
    return () => askToLogInAgain(undefined)
  }, [])
  if (!waiting) return null
  const done = () => {
    setWaiting(null)
    waiting()
  }
  return <Suspended part={<AgainDialog session={session} onDone={done} />} />
}

/** Says until when a second factor has to be set up. */
function FactorNotice({ due }: { due: string }) {
  const { t, i18n } = useTranslation('app')
  const zone = useSession()?.company.zone
  const day = dateFormat(i18n.language, { timeZone: zone, dateStyle: 'long' }).format(new Date(due))
  return (
    <p className={css.factorNotice}>
      {t('factorDue', { day })} <Link to="/me">{t('factorSetUp')}</Link>
    </p>
  )
}

function Surroundings({ session }: { session: Session }) {
  const { t } = useTranslation('app')
  const objects = useCatalog()
  useLive()
  const lists = objectPlaces(objects ?? [])
  const settings = settingsPlaces(session.can)
  const mayCreate = objects?.find(({ name }) => name === 'lead')?.can.create ?? false
  const reach = { places: [homePlace, ...dayPlaces, ...lists, ...otherPlaces(session.can), ...settings], objects: objects ?? [], mayCreate, demo: session.company.demo }
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        {t('skip')}
      </a>
      <Alerts />
      <Keys reach={reach} />
      <TopBar session={session} more={[...dayPlaces, ...lists.slice(1), ...otherPlaces(session.can), ...settings]}>
        <Finder reach={reach} />
      </TopBar>
      <SideBar groups={[[homePlace, ...dayPlaces, ...lists], otherPlaces(session.can), settings].filter((places) => places.length > 0)} />
      <main id="content" className={css.content} tabIndex={-1}>
        {session.factor_due && <FactorNotice due={session.factor_due} />}
        <Outlet />
      </main>
      <SignedOut session={session} />
      <TabBar mayCreate={mayCreate} />
      <OperationsDock />
    </div>
  )
}
