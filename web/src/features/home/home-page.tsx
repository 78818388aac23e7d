import { Link } from '@tanstack/react-router'
import { CircleCheck, Plus } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { useBusinessNow, useSession } from '@/api/session'
import { civilOf } from '@/format/civil-time'
import { dateFormat } from '@/format/intl'
import { Button } from '@/ui/button'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'
import { greetingOf } from './greeting'
import { listAddress } from './list-address'
import { Lookup } from './lookup'
import { PeopleTable } from './people-table'
import { useHome } from './queries'
import { ReaderContext } from './reader'
import { Section } from './section'
import type { Block, Home } from './types'
import css from './home.module.css'

const HeatMap = lazy(() => import('./heat-map').then((module) => ({ default: module.HeatMap })))
const FirstStepList = lazy(() => import('./first-step-list').then((module) => ({ default: module.FirstStepList })))
const RiskMatrix = lazy(() => import('./risk-matrix').then((module) => ({ default: module.RiskMatrix })))

/** What to do now, the most urgent first: the blocks that the role's documents lay out. */
export function HomePage() {
  const { t } = useTranslation('home')
  const home = useHome()
  const session = useSession()
  const now = useBusinessNow()
  const reader = { now, zone: session?.company.zone ?? 'UTC', dials: session?.company.demo === false }
  return (
    <div className={css.page}>
      <Heading block={home.data?.blocks.find(({ type }) => type === 'list')} />
      {session?.user.home === 'administrator' && (
        <Suspense>
          <FirstStepList />
        </Suspense>
      )}
      {home.data && (
        <ReaderContext value={reader}>
          <Blocks home={home.data} />
        </ReaderContext>
      )}
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

function Heading({ block }: { block?: Block }) {
  const { t, i18n } = useTranslation('home')
  const session = useSession()
  const now = useBusinessNow()
  const shape = useObject(block?.object ?? '')
  if (!session) return null
  const zone = session.company.zone
  const day = dateFormat(i18n.language, { timeZone: zone, month: 'long', day: 'numeric', weekday: 'long' }).format(now)
  return (
    <header className={css.heading}>
      <div>
        <h1>{t(greetingOf(civilOf(now, zone).hour), { name: session.user.name })}</h1>
        <p className={css.muted}>{day}</p>
      </div>
      {shape?.can.create && block && (
        <ButtonLink to={block.object === 'lead' ? '/leads/new' : `/o/${block.object}/new`} leftSection={<Plus size={16} />} className={css.create}>
          {t('create', { object: shape.label })}
        </ButtonLink>
      )}
    </header>
  )
}

function Blocks({ home: { kind, blocks } }: { home: Home }) {
  const { t } = useTranslation('home')
  if (blocks.length === 0) return <EmptyState text={t('noObject')} />
  const lists = blocks.filter(({ type }) => type === 'list')
  const filled = lists.filter(({ count }) => count > 0)
  const people = blocks.filter(({ type }) => type === 'people')
  return (
    <>
      {blocks
        .filter(({ type }) => type === 'lookup')
        .map(({ name, label }) => (
          <Lookup key={name} label={label} />
        ))}
      {lists.length > 0 && <Figures lists={lists} />}
      <div className={people.length > 0 ? css.columns : undefined}>
        <div className={css.lists}>
          {lists.length > 0 && filled.length === 0 && (
            <EmptyState icon={<CircleCheck size={28} aria-hidden />} text={t(`allDone.${kind}`, { defaultValue: t('allDone.other') })}>
              <Link to={listAddress(lists[0].object)}>{t('allRecords')}</Link>
            </EmptyState>
          )}
          {blocks.map((block) => (block.type === 'list' ? block.count > 0 && <Section key={block.name} block={block} /> : <Figure key={block.name} block={block} />))}
        </div>
        {people.map(({ name, label, people: waiting }) => (
          <PeopleTable key={name} label={label} people={waiting ?? []} />
        ))}
      </div>
    </>
  )
}

/** A block that is asked for by itself. */
function Figure({ block: { name, type, label, object } }: { block: Block }) {
  if (type === 'heat')
    return (
      <Suspense>
        <HeatMap name={name} label={label} object={object} />
      </Suspense>
    )
  if (type === 'risk')
    return (
      <Suspense>
        <RiskMatrix name={name} label={label} />
      </Suspense>
    )
  return null
}

/** The counts, each a door to the list behind it. */
function Figures({ lists }: { lists: Block[] }) {
  return (
    <ul className={css.figures}>
      {lists.map(({ name, object, label, alarm, count, count_more: more, filter, sort }) => (
        <li key={name} data-alarm={(alarm && count > 0) || undefined}>
          <Link to={listAddress(object)} search={{ filter, sort }}>
            <b>{more ? `${count}+` : count}</b>
            <span>{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
