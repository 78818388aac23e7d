import { Merge, Undo2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject } from '@/api/catalog'
import { Problem } from '@/api/call'
import { Button } from '@/ui/button'
import { notify, notifyFailure } from '@/ui/notify'
import { certain } from './merge-plan'
import { useCandidates, useUnmerge } from './queries'
import css from './merge.module.css'

const MergeDialog = lazy(() => import('./merge-dialog').then(({ MergeDialog }) => ({ default: MergeDialog })))

/** Says above a record that others may mean the same, and takes the last merge back. */
export function MergeBar({ object, id }: { object: CatalogObject; id: string }) {
  const { t } = useTranslation('merge')
  const [open, setOpen] = useState(false)
  const { data } = useCandidates(object.name, id)
  const unmerge = useUnmerge(object.name, id)
  const count = certain(data?.items ?? []).length
  if (!data || (count === 0 && !data.merged)) return null
  const undo = () => unmerge.mutate(undefined, { onSuccess: () => notify(t('undone')), onError: (error) => notifyFailure(prevented(error, t('failed'))) })
  return (
    <div className={css.bar} role="group" aria-label={t('title')}>
      {count > 0 && (
        <>
          <span>{t('found', { count, label: object.label })}</span>
          <Button size="xs" variant="default" leftSection={<Merge size={14} aria-hidden="true" />} onClick={() => setOpen(true)}>
            {t('compare')}
          </Button>
        </>
      )}
      {data.merged && (
        <Button size="xs" variant="subtle" leftSection={<Undo2 size={14} aria-hidden="true" />} loading={unmerge.isPending} onClick={undo}>
          {t('undo')}
        </Button>
      )}
      {open && (
        <Suspense fallback={null}>
          <MergeDialog object={object} id={id} candidates={data.items} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  )
}

function prevented(error: Error, failed: string): string {
  if (!(error instanceof Problem)) return failed
  return [error.message, ...error.errors.map(({ path }) => path)].join(' · ')
}
