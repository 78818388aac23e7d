import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { byDay, type Entry } from './thread-days'
import { paramText } from './param-text'
import { Records } from './convert'
import { KindIcon } from './kind-icon'
import type { ConvertedRecord } from './types'
import css from './thread.module.css'

interface Props {
  entries: Entry[]
  zone: string
  more?: { load: () => void; loading: boolean }
  /** What the reader may do with an entry, beneath it. */
  acts?: (entry: Entry) => ReactNode
}

/** What happened to a record, newest first, one sentence each, in the company's days. */
export function DayThread({ entries, zone, more, acts }: Props) {
  const { t, i18n } = useTranslation('records')
  const dayText = new Intl.DateTimeFormat(i18n.language, { timeZone: 'UTC', month: 'long', day: 'numeric', weekday: 'short' })
  return (
    <section aria-label={t('thread')} className={css.thread}>
      {byDay(entries, zone).map(({ day, entries: ofDay }) => (
        <div key={day}>
          <h2 className={css.day}>{dayText.format(new Date(`${day}T00:00:00Z`))}</h2>
          <ol className={css.entries}>
            {ofDay.map((entry) => (
              <ThreadEntry key={entry.id} entry={entry} zone={zone} acts={acts?.(entry)} />
            ))}
          </ol>
        </div>
      ))}
      {entries.length === 0 && <p className={css.muted}>{t('threadEmpty')}</p>}
      {more && (
        <button type="button" className={css.more} onClick={more.load} disabled={more.loading}>
          {t('threadMore')}
        </button>
      )}
    </section>
  )
}

/** What people say stands in the sentence whole. */
const said = new Set(['comment', 'comment_edited', 'comment_deleted'])

function ThreadEntry({ entry, zone, acts }: { entry: Entry; zone: string; acts?: ReactNode }) {
  const { t, i18n } = useTranslation('records')
  const [open, setOpen] = useState(false)
  const clock = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const links = entry.kind === 'converted' ? ((entry.params.links as ConvertedRecord[] | undefined) ?? []) : []
  const details = said.has(entry.kind) ? [] : Object.entries(entry.params).filter(([name]) => name !== 'links')
  return (
    <li className={css.entry} data-kind={entry.kind}>
      <KindIcon kind={entry.kind} />
      <div className={css.body}>
        <p className={css.sentence}>{entry.text}</p>
        {links.length > 0 && (
          <p className={css.meta}>
            <Records records={links} />
          </p>
        )}
        <p className={css.meta}>
          <time dateTime={entry.at}>{clock.format(new Date(entry.at))}</time>
          {entry.actor.label && <span>{entry.actor.label}</span>}
          {details.length > 0 && (
            <button type="button" className={css.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? t('detailHide') : t('detailShow')}
              <span className={css.hidden}>{entry.text}</span>
            </button>
          )}
        </p>
        {acts}
        {open && (
          <dl className={css.detail}>
            {details.map(([name, value]) => (
              <div key={name}>
                <dt>{t(`param.${name}`, { defaultValue: name })}</dt>
                <dd>{paramText(value, i18n.language, zone)}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  )
}
