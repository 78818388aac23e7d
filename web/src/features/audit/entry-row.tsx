import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { Entry } from './queries'
import css from './audit.module.css'

/** One act: when, who and from where, what, and what changed by it. */
export function EntryRow({ entry, area }: { entry: Entry; area: string }) {
  const { t, i18n } = useTranslation('audit')
  const zone = useSession()?.user.zone
  const at = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(entry.at))
  return (
    <li className={css.entry}>
      <time dateTime={entry.at}>{at}</time>
      <span className={css.who}>
        {entry.actor.label}
        <small>{[entry.actor.kind === 'token' && t('byToken'), entry.actor.address].filter(Boolean).join(' · ')}</small>
      </span>
      <div className={css.what}>
        <span className={entry.failed ? css.failed : undefined}>{entry.text}</span>
        {entry.details && (
          <dl>
            {entry.details.map(({ name, before, after }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  {before || '–'} → {after || '–'}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <span className={css.area}>{area}</span>
    </li>
  )
}
