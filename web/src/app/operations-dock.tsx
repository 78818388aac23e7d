import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isActive, useOperations } from '@/api/operations'
import { shownInDock } from './dock-plan'
import css from './shell.module.css'

/** How many of the latest operations are kept in sight. */
const latest = 5

const Dock = lazy(() => import('@/features/operations/dock').then(({ Dock }) => ({ default: Dock })))

/** Keeps operations in sight on every page: those at work, and those that ended while the reader was here. */
export function OperationsDock() {
  const { data } = useOperations(latest)
  const [seen, setSeen] = useState<string[]>([])
  const [closed, setClosed] = useState<string[]>([])
  const operations = data?.items ?? []
  const fresh = operations.filter((one) => isActive(one) && !seen.includes(one.id)).map(({ id }) => id)
  if (fresh.length > 0) setSeen([...seen, ...fresh])
  const shown = shownInDock(operations, seen, closed)
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
