import { BellOff, CheckCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBusinessNow, useSession } from '@/api/session'
import { createFormats } from '@/fields/formats'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { Lines, ListScreen } from '@/ui/list-screen'
import { notifyError } from '@/ui/notify'
import { Message } from './message'
import { useInbox, useReadAll, useReadOne } from './queries'
import css from './inbox.module.css'

const parts = ['all', 'unread'] as const
type Part = (typeof parts)[number]

/** What the reader was told, newest first. */
export function InboxPage() {
  const { t } = useTranslation('inbox')
  const [part, setPart] = useState<Part>('all')
  const inbox = useInbox(part === 'unread')
  const readAll = useReadAll()
  return (
    <ListScreen
      title={t('title')}
      beside={inbox.unread > 0 && <output className={css.muted}>{t('unreadCount', { count: inbox.unread })}</output>}
      actions={
        <Button variant="default" size="xs" disabled={inbox.unread === 0} loading={readAll.isPending} leftSection={<CheckCheck size={16} aria-hidden="true" />} onClick={() => readAll.mutate(undefined, { onError: notifyError })}>
          {t('readAll')}
        </Button>
      }
    >
      <div role="radiogroup" aria-label={t('part')} className={css.tabs}>
        {parts.map((name) => (
          <label key={name}>
            <input type="radio" name="inbox-part" checked={name === part} onChange={() => setPart(name)} />
            <span>{t(name)}</span>
          </label>
        ))}
      </div>
      <Messages part={part} inbox={inbox} />
    </ListScreen>
  )
}

function Messages({ part, inbox: { items, error, retry, more } }: { part: Part; inbox: ReturnType<typeof useInbox> }) {
  const { t, i18n } = useTranslation('inbox')
  const zone = useSession()?.company.zone ?? 'UTC'
  const now = useBusinessNow().getTime()
  const formats = useMemo(() => createFormats(i18n.language, zone), [i18n.language, zone])
  const read = useReadOne()
  if (!items) return error ? <Failure error={error} retry={retry} /> : <output className={css.muted}>{t('loading')}</output>
  if (items.length === 0) return <EmptyState icon={<BellOff size={24} aria-hidden="true" />} text={t(part === 'all' ? 'emptyAll' : 'emptyUnread')} />
  return (
    <>
      <Lines>
        {items.map((item) => (
          <Message key={item.id} item={item} formats={formats} now={now} onRead={() => read.mutate(item.id, { onError: notifyError })} />
        ))}
      </Lines>
      {more && (
        <Button variant="default" loading={more.loading} onClick={more.load}>
          {t('more')}
        </Button>
      )}
    </>
  )
}

function Failure({ error, retry }: { error: Error; retry: () => void }) {
  const { t } = useTranslation('inbox')
  return (
    <EmptyState text={error.message || t('failed')}>
      <Button variant="default" onClick={retry}>
        {t('retry')}
      </Button>
    </EmptyState>
  )
}
