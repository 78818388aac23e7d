import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { useBusinessNow, useSession } from '@/api/session'
import { civilOf } from '@/format/civil-time'
import { Button } from '@/ui/button'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'
import { greetingOf } from './greeting'
import { PeopleTable } from './people-table'
import { useHome } from './queries'
import { Section } from './section'
import type { Home } from './types'
import css from './home.module.css'

/** What to do now, the most urgent first. */
export function HomePage() {
  const { t } = useTranslation('home')
  const home = useHome()
  return (
    <div className={css.page}>
      <Heading object={home.data?.object} />
      {home.data && <Lists home={home.data} />}
      {home.isPending && <p role="status">{t('loading')}</p>}
      {home.error && !home.data && (
        <EmptyState text={home.error.message || t('failed')}>
          <Button variant="default" onClick={() => void home.refetch()}>
            {t('again')}
          </Button>
        </EmptyState>
      )}
    </div>
  )
}

function Heading({ object }: { object?: string }) {
  const { t, i18n } = useTranslation('home')
  const session = useSession()
  const now = useBusinessNow()
  const shape = useObject(object ?? '')
  if (!session) return null
  const zone = session.company.zone
  const day = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, month: 'long', day: 'numeric', weekday: 'long' }).format(now)
  return (
    <header className={css.heading}>
      <div>
        <h1>{t(greetingOf(civilOf(now, zone).hour), { name: session.user.name })}</h1>
        <p className={css.muted}>{day}</p>
      </div>
      {shape?.can.create && (
        <ButtonLink to="/leads/new" leftSection={<Plus size={16} />} className={css.create}>
          {t('create', { object: shape.label })}
        </ButtonLink>
      )}
    </header>
  )
}

function Lists({ home }: { home: Home }) {
  const { t } = useTranslation('home')
  if (!home.object) return <EmptyState text={t('noObject')} />
  const { object, sections } = home
  const filled = sections.filter(({ count }) => count > 0)
  return (
    <>
      <Figures home={home} />
      {filled.length === 0 && (
        <EmptyState text={t(`allDone.${home.kind}`, { defaultValue: t('allDone.other') })}>
          <Link to="/leads">{t('allRecords')}</Link>
        </EmptyState>
      )}
      <div className={home.by_person ? css.columns : undefined}>
        <div className={css.lists}>
          {filled.map((section) => (
            <Section key={section.name} object={object} section={section} claims={home.kind === 'sales' || home.kind === 'service'} />
          ))}
        </div>
        {home.by_person && <PeopleTable people={home.by_person} />}
      </div>
    </>
  )
}

/** The counts, each a door to the list behind it. */
function Figures({ home: { sections } }: { home: Home }) {
  const { t } = useTranslation('home')
  return (
    <ul className={css.figures}>
      {sections.map(({ name, count, count_more: more, filter, sort }) => (
        <li key={name} data-alarm={(name === 'overdue' && count > 0) || undefined}>
          <Link to="/leads" search={{ filter, sort }}>
            <b>{more ? `${count}+` : count}</b>
            <span>{t(`sections.${name}`)}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
