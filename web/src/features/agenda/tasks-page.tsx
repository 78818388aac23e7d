import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CalendarDays, ListChecks, Plus } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useBusinessNow, useSession } from '@/api/session'
import { createFormats } from '@/fields/formats'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { EmptyState } from '@/ui/empty-state'
import { Lines, ListScreen } from '@/ui/list-screen'
import { addDays, dayOf, stretches, stretchOf, type Stretch } from './days'
import { ItemRow } from './item-row'
import { MoveDialog } from './move-dialog'
import { NothingYet } from './nothing-yet'
import { PersonChoice } from './person-choice'
import { useAgenda, type AgendaItem } from './queries'
import { UndoBar } from './undo-bar'
import { useSteps } from './use-steps'
import css from './agenda.module.css'

interface Props {
  /** The follow-up card of a record; it says when it was saved. */
  followUp: (item: AgendaItem) => ReactNode
}

/** How far the list looks ahead, in days. */
const ahead = 30

/** What is to be done, the overdue first: next actions and tasks in one list. */
export function TasksPage({ followUp }: Props) {
  const { t, i18n } = useTranslation('agenda')
  const { person = '' } = useSearch({ strict: false }) as { person?: string }
  const navigate = useNavigate()
  const zone = useSession()?.company.zone ?? 'UTC'
  const now = useBusinessNow()
  const formats = useMemo(() => createFormats(i18n.language, zone), [i18n.language, zone])
  const timeOf = (stretch: Stretch) =>
    new Intl.DateTimeFormat(i18n.language, {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...(stretch === 'week' && { weekday: 'short' }),
      ...(stretch === 'later' && { month: 'numeric', day: 'numeric' }),
    })
  const [followed, setFollowed] = useState<AgendaItem | null>(null)
  const steps = useSteps(i18n.language, zone)
  const agenda = useAgenda({ from: '', to: addDays(dayOf(now, zone), ahead), person })
  const items = agenda.data?.items ?? []
  const parts = stretches.map((name) => ({ name, items: items.filter((item) => stretchOf(item, now, zone) === name) })).filter((part) => part.items.length > 0)
  return (
    <ListScreen
      title={t('tasks')}
      beside={<PersonChoice people={agenda.data?.people ?? []} person={person} onChoose={(chosen) => void navigate({ to: '/tasks', search: { person: chosen } as never, replace: true })} />}
      actions={
        <>
          <Button component={Link} to="/calendar" variant="default" leftSection={<CalendarDays size={16} aria-hidden="true" />}>
            {t('calendar')}
          </Button>
          <Button component={Link} to="/o/task/new" leftSection={<Plus size={16} aria-hidden="true" />}>
            {t('newTask')}
          </Button>
        </>
      }
    >
      <UndoBar done={steps.done} />
      {agenda.error && <EmptyState text={agenda.error.message} />}
      {agenda.data && items.length === 0 && (
        <EmptyState icon={<ListChecks size={26} aria-hidden="true" />} text={t('nothing')}>
          <NothingYet />
        </EmptyState>
      )}
      {parts.map((part) => (
        <section key={part.name} aria-labelledby={`tasks-${part.name}`}>
          <h2 id={`tasks-${part.name}`} className={css.stretch} data-stretch={part.name}>
            {t(`stretch.${part.name}`)} <span className={css.count}>{part.items.length}</span>
          </h2>
          <Lines>
            {part.items.map((item) => (
              <ItemRow
                key={`${item.object}/${item.id}`}
                item={item}
                when={part.name === 'overdue' ? formats.relative(item.due_at, now.getTime()) : timeOf(part.name).format(new Date(item.due_at))}
                showOwner={person !== ''}
                onComplete={() => (item.kind === 'follow_up' ? setFollowed(item) : steps.complete(item))}
                onMove={() => steps.setMoving({ item, due: item.due_at })}
              />
            ))}
          </Lines>
        </section>
      ))}
      {agenda.data?.more && <p className={css.muted}>{t('moreItems')}</p>}
      {steps.moving && <MoveDialog key={steps.moving.item.id} {...steps.moving} now={now} zone={zone} onClose={() => steps.setMoving(null)} onMoved={steps.moved} />}
      <Drawer opened={followed !== null} onClose={() => setFollowed(null)} title={followed?.label} size="lg">
        {followed && followUp(followed)}
      </Drawer>
    </ListScreen>
  )
}
