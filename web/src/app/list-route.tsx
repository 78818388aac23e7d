import { Link, useParams, useSearch } from '@tanstack/react-router'
import { Columns3, List } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { ListPage } from '@/features/leads/list-page'
import css from './list-route.module.css'

const BoardPage = lazy(() => import('@/features/board/board-page').then(({ BoardPage: page }) => ({ default: page })))

/** An object's records in the layout that the address asks for; a switch where there are two. */
export function ListRoute() {
  const { t } = useTranslation('board')
  const { object = 'lead' } = useParams({ strict: false })
  const { layout }: { layout?: string } = useSearch({ strict: false })
  const boards = useObject(object)?.views.some((view) => view.layout === 'board')
  const board = layout === 'board'
  return (
    <>
      {boards && (
        <nav className={css.switch} aria-label={t('layout')}>
          <Link to="/o/$object" params={{ object }} search={{} as never} data-current={!board || undefined}>
            <List size={16} aria-hidden="true" />
            {t('list')}
          </Link>
          <Link to="/o/$object" params={{ object }} search={{ layout: 'board' } as never} data-current={board || undefined}>
            <Columns3 size={16} aria-hidden="true" />
            {t('board')}
          </Link>
        </nav>
      )}
      {board ? (
        <Suspense>
          <BoardPage key={object} />
        </Suspense>
      ) : (
        <ListPage />
      )}
    </>
  )
}
