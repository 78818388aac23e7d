import { Link } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Formats } from '@/fields/formats'
import type { InboxItem } from './queries'
import css from './inbox.module.css'

interface Props {
  item: InboxItem
  formats: Formats
  /** Business time in milliseconds; in the demo it may lag behind a leap, and no message is of the future. */
  now: number
  onRead: () => void
}

/** One message; a click reads it and opens the record that it is about. */
export function Message({ item, formats, now, onRead }: Props) {
  const { t } = useTranslation('inbox')
  return (
    <li className={css.message} data-unread={!item.read || undefined}>
      <Door item={item} onRead={() => !item.read && onRead()}>
        <span className={css.dot}>{!item.read && <span className="visually-hidden">{t('isUnread')}</span>}</span>
        <span className={css.said}>
          <span className={css.text}>
            {item.urgent && (
              <strong className={css.urgent}>
                <TriangleAlert size={14} aria-hidden="true" /> {t('urgent')}
              </strong>
            )}
            {item.text}
          </span>
          <span className={css.muted}>
            {item.record_label && `${item.record_label} · `}
            <time dateTime={item.at} title={formats.exact(item.at)}>
              {formats.relative(item.at, Math.max(now, Date.parse(item.at)))}
            </time>
          </span>
        </span>
      </Door>
    </li>
  )
}

/** The way to the record; a message about none is only read. */
function Door({ item: { object, record_id: id }, onRead, children }: { item: InboxItem; onRead: () => void; children: ReactNode }) {
  if (!object || !id) {
    return (
      <button type="button" className={css.door} onClick={onRead}>
        {children}
      </button>
    )
  }
  return (
    <Link to="/o/$object/$id" params={{ object, id }} className={css.door} onClick={onRead}>
      {children}
    </Link>
  )
}
