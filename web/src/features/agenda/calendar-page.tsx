import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useBusinessNow, useSession } from '@/api/session'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { ListScreen } from '@/ui/list-screen'
import { IconButton } from '@/ui/icon-button'
import { CalendarDay } from './calendar-day'
import { byDayOf, dayOf, daysOf, droppedOn, turned, type CalendarView } from './days'
import { MoveDialog } from './move-dialog'
import { NothingYet } from './nothing-yet'
import { PersonChoice } from './person-choice'
import { useAgenda, type AgendaItem } from './queries'
import { UndoBar } from './undo-bar'
import { useSteps } from './use-steps'
import css from './agenda.module.css'

const views: CalendarView[] = ['month', 'week', 'day']

/** Things to do on their days: drag one to another day, or Alt and an arrow key. */
export function CalendarPage() {
  const { t, i18n } = useTranslation('agenda')
  const zone = useSession()?.company.zone ?? 'UTC'
  const now = useBusinessNow()
  const today = dayOf(now, zone)
  const address = useSearch({ strict: false }) as { view?: string; day?: string; person?: string }
  const view = views.find((name) => name === address.view) ?? 'month'
  const day = /^\d{4}-\d\d-\d\d$/.test(address.day ?? '') ? String(address.day) : today
  const person = address.person ?? ''
  const navigate = useNavigate()
  const go = (to: { view?: string; day?: string; person?: string }) => void navigate({ to: '/calendar', search: { view, day, person, ...to } as never, replace: true })
  const days = daysOf(view, day)
  const agenda = useAgenda({ from: days[0], to: days[days.length - 1], person })
  const steps = useSteps(i18n.language, zone)
  const byDay = byDayOf(agenda.data?.items ?? [], zone)
  const kinds = new Map(agenda.data?.days.map((one) => [one.day, one.kind]))
  const moveTo = (item: AgendaItem, target: string) => {
    if (item.can_move && dayOf(item.due_at, zone) !== target) steps.setMoving({ item, due: droppedOn(item.due_at, target, zone, now) })
  }
  const weekday = new Intl.DateTimeFormat(i18n.language, { timeZone: 'UTC', weekday: 'short' })
  const title = new Intl.DateTimeFormat(i18n.language, { timeZone: 'UTC', year: 'numeric', month: 'long', ...(view === 'day' && { day: 'numeric', weekday: 'long' }) }).format(new Date(`${day}T00:00:00Z`))
  return (
    <ListScreen
      wide
      title={t('calendar')}
      beside={
        <>
          <span className={css.turn}>
            <IconButton label={t('before')} onClick={() => go({ day: turned(view, day, -1) })}>
              <ChevronLeft size={18} />
            </IconButton>
            <output className={css.month}>{title}</output>
            <IconButton label={t('after')} onClick={() => go({ day: turned(view, day, 1) })}>
              <ChevronRight size={18} />
            </IconButton>
            <Button variant="default" size="xs" disabled={day === today} onClick={() => go({ day: today })}>
              {t('today')}
            </Button>
          </span>
          <PersonChoice people={agenda.data?.people ?? []} person={person} onChoose={(chosen) => go({ person: chosen })} />
        </>
      }
      actions={
        <span className={css.views} role="group" aria-label={t('view')}>
          {views.map((name) => (
            <Button key={name} size="xs" variant={name === view ? 'filled' : 'default'} aria-pressed={name === view} onClick={() => go({ view: name })}>
              {t(`views.${name}`)}
            </Button>
          ))}
        </span>
      }
    >
      <UndoBar done={steps.done} />
      {agenda.error && <EmptyState text={agenda.error.message} />}
      {agenda.data?.items.length === 0 && <NothingYet />}
      <p className={css.keys}>{t('keys')}</p>
      {view === 'month' && (
        <div className={css.weekdays} aria-hidden="true">
          {days.slice(0, 7).map((one) => (
            <span key={one}>{weekday.format(new Date(`${one}T00:00:00Z`))}</span>
          ))}
        </div>
      )}
      <div className={css.grid} data-view={view}>
        {days.map((one) => (
          <CalendarDay
            key={one}
            day={one}
            kind={kinds.get(one)}
            items={byDay.get(one) ?? []}
            today={one === today}
            faint={view === 'month' && one.slice(0, 7) !== day.slice(0, 7)}
            most={view === 'month' ? 4 : 100}
            zone={zone}
            onDrop={moveTo}
            onOpen={() => go({ view: 'day', day: one })}
            onMove={(item) => steps.setMoving({ item, due: item.due_at })}
          />
        ))}
      </div>
      {agenda.data?.more && <p className={css.muted}>{t('moreItems')}</p>}
      {steps.moving && <MoveDialog key={`${steps.moving.item.id}${steps.moving.due}`} {...steps.moving} now={now} zone={zone} onClose={() => steps.setMoving(null)} onMoved={steps.moved} />}
    </ListScreen>
  )
}
