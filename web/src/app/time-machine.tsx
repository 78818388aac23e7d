import { Clock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useAdvance } from '@/api/demo'
import { useBusinessNow, useSession } from '@/api/session'
import { dateFormat } from '@/format/intl'
import { Button } from '@/ui/button'
import { Menu } from '@/ui/menu'
import { notify, notifyFailure } from '@/ui/notify'
import css from './shell.module.css'

const leaps = [
  { hours: 0.5, text: 'halfHour' },
  { hours: 24, text: 'oneDay' },
  { hours: 72, text: 'threeDays' },
]

/** The demo's business time, and the way to move it on so that deadlines can be watched. */
export function TimeMachine() {
  const { t, i18n } = useTranslation('app')
  const now = useBusinessNow()
  const zone = useSession()?.company.zone
  const advance = useAdvance()
  const leap = (hours: number) =>
    advance.mutate(hours, {
      onSuccess: ({ fired }) => notify(t('advanced', { count: fired })),
      onError: (error) => notifyFailure(error.message),
    })
  const shown = dateFormat(i18n.language, { timeZone: zone, month: 'numeric', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(now)
  return (
    <div className={css.machine} role="group" aria-label={t('timeMachine')}>
      <Menu
        align="start"
        note={t('timeMachineNote')}
        entries={leaps.map(({ hours, text }) => ({ label: t(text), disabled: advance.isPending, onSelect: () => leap(hours) }))}
        trigger={(props) => (
          <button type="button" className={css.now} title={t('timeMachineNote')} {...props}>
            <Clock size={15} aria-hidden />
            <span className="visually-hidden">{t('timeMachine')}</span>
            <span className={css.demo}>{t('demo')}</span>
            <time dateTime={now.toISOString()}>{shown}</time>
          </button>
        )}
      />
      {leaps.map(({ hours, text }) => (
        <Button key={hours} className={css.leap} size="compact-xs" variant="default" disabled={advance.isPending} onClick={() => leap(hours)}>
          {t(text)}
        </Button>
      ))}
    </div>
  )
}
