import { Link } from '@tanstack/react-router'
import { GitCompare, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { IconButton } from '@/ui/icon-button'
import { notifyError } from '@/ui/notify'
import { DifferenceList } from './difference-list'
import { PublishDialog } from './publish-dialog'
import { useDifferences, useDropDraft, useForgetDocument, useMyDraft } from './queries'
import { VersionsView } from './versions-view'
import css from './index.module.css'

/** The reader's draft as a whole: what it changes, and publish or drop it. */
export function ChangesPage() {
  const { t } = useTranslation('setup')
  const draft = useMyDraft()
  const differences = useDifferences(draft?.id)
  const forget = useForgetDocument()
  const drop = useDropDraft()
  const [publishing, setPublishing] = useState(false)
  const [sure, setSure] = useState(false)
  if (draft === undefined) return <output className="visually-hidden">{t('loading')}</output>
  return (
    <div className={css.page}>
      <div className={css.head}>
        <div>
          <p className={css.crumbs}>
            <Link to="/setup">{t('title')}</Link> ›
          </p>
          <h1>{t('changesTitle')}</h1>
        </div>
        {draft && (
          <div className={css.links}>
            <Button disabled={!differences.data?.length} onClick={() => setPublishing(true)}>
              {t('publish')}
            </Button>
            <Button variant="default" onClick={() => setSure(true)}>
              {t('discardAll')}
            </Button>
          </div>
        )}
      </div>
      {sure && draft && (
        <div className={css.sure} role="alertdialog" aria-label={t('discardAll')}>
          <span>{t('discardAllSure')}</span>
          <Button size="xs" color="red" loading={drop.isPending} onClick={() => drop.mutate(draft.id, { onSuccess: () => setSure(false), onError: notifyError })}>
            {t('discardAll')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setSure(false)}>
            {t('cancel')}
          </Button>
        </div>
      )}
      {differences.error && <p role="alert">{differences.error.message}</p>}
      {draft === null || differences.data?.length === 0 ? (
        <EmptyState icon={<GitCompare size={28} aria-hidden="true" />} text={t('noDraft')} />
      ) : (
        <DifferenceList
          items={differences.data ?? []}
          acts={(one) => (
            <span className={css.links}>
              {one.change !== 'removed' && (
                <Link to="/setup/$kind/$name" params={{ kind: one.kind, name: one.name }}>
                  {t('edit')}
                </Link>
              )}
              <IconButton label={t('takeOut', { item: one.label })} size={30} onClick={() => draft && forget.mutate({ draft: draft.id, kind: one.kind, name: one.name }, { onError: notifyError })}>
                <Undo2 size={15} />
              </IconButton>
            </span>
          )}
        />
      )}
      {publishing && draft && <PublishDialog draft={draft} onClose={() => setPublishing(false)} onDone={() => setPublishing(false)} />}
    </div>
  )
}

/** Every published version of the whole configuration. */
export function VersionsPage() {
  const { t } = useTranslation('setup')
  return (
    <div className={css.page}>
      <div>
        <p className={css.crumbs}>
          <Link to="/setup">{t('title')}</Link> ›
        </p>
        <h1>{t('versions')}</h1>
      </div>
      <VersionsView onRolledBack={() => undefined} />
    </div>
  )
}
