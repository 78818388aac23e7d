import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isActive, useOperations } from '@/api/operations'
import { pastOf, shownInDock } from './dock-plan'
import css from './shell.module.css'

/** How many of the latest operations are kept in sight. */
const latest = 5

const Dock = lazy(() => import('@/features/operations/dock').then(({ Dock }) => ({ default: Dock })))

/** Keeps operations in sight on every page: those at work, and those that ended while the reader was here. */
export function OperationsDock() {
  const { data } = useOperations(latest)
  const [past, setPast] = useState<string[]>()
  const [closed, setClosed] = useState<string[]>([])
  if (!data) return null
  const now = pastOf(data.items, past)
  if (now.length !== past?.length) setPast(now)
  const shown = shownInDock(data.items, now, closed)
  if (shown.length === 0) return null
  return (
    <Suspense fallback={null}>
      <Dock operations={shown} onClose={() => setClosed(shown.map(({ id }) => id))} />
    </Suspense>
  )
}

/** The way to the operations while one is at work. */
export function RunningOperations() {
  const { t } = useTranslation('app')
  const { data } = useOperations(latest)
  const running = data?.items.filter(isActive) ?? []
  if (running.length === 0) return null
  const [dealt, total] = running.reduce(([a, b], { done, failed, total }) => [a + done + failed, b + total], [0, 0])
  const percent = total > 0 ? Math.floor((100 * dealt) / total) : 0
  return (
    <Link to="/operations" className={css.running} aria-label={t('operationsRunning', { percent })} title={t('operationsRunning', { percent })}>
      <span className={css.spin} aria-hidden />
      <span>{percent}%</span>
    </Link>
  )
}
