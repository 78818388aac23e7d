import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { exactText } from '@/format/moment'
import { listText } from '@/format/list-text'
import type { Option } from './options'
import { valueText } from './sample'
import css from './panels.module.css'

/** What a simulation answers, of any kind; what is of another kind is absent. */
export interface Answer {
  owner?: { label?: string } | null
  row?: { label: string; condition: string } | null
  pool?: string
  fallback?: boolean
  candidates?: { user: { label?: string } | null; load: number; capacity: number; eligible: boolean; reason?: string }[]
  adds?: { field: string; values: unknown }[]
  total?: number
  stars?: number
  band?: string
  contributions?: { rule: string; label: string; points: number }[]
  proposals?: { field: string; value: unknown; words: { text?: string; word?: string }[] }[]
  state?: string
  acts?: { kind: string; at?: string; due?: string; label?: string }[]
}

/** A decision with its reasons. */
export function Outcome({ kind, answer, fields }: { kind: string; answer: Answer; fields: Option[] }) {
  if (kind === 'routing-table') return <Routed answer={answer} fields={fields} />
  if (kind === 'scorecard') return <Scored answer={answer} />
  if (kind === 'lexicon') return <Understood answer={answer} fields={fields} />
  return <Clocked answer={answer} />
}

const labelIn = (fields: Option[], name: string) => fields.find((field) => field.name === name)?.label ?? name

function Routed({ answer, fields }: { answer: Answer; fields: Option[] }) {
  const { t } = useTranslation('setup')
  return (
    <>
      <p className={css.verdict}>{answer.owner?.label ?? t('nobody')}</p>
      <p>{answer.row ? t('byRow', { row: answer.row.label || answer.row.condition }) : t('byFallback')}</p>
      {answer.adds?.map(({ field, values }) => (
        <p key={field}>
          {labelIn(fields, field)} + {valueText(values)}
        </p>
      ))}
      <ul className={css.candidates}>
        {answer.candidates?.map(({ user, load, capacity, eligible, reason }) => (
          <li key={user?.label} data-out={!eligible || undefined}>
            {user?.label} · {capacity > 0 ? `${load}/${capacity}` : load}
            {reason && ` · ${t(`notEligible.${reason}`, { defaultValue: reason })}`}
          </li>
        ))}
      </ul>
    </>
  )
}

function Scored({ answer }: { answer: Answer }) {
  return (
    <>
      <p className={css.verdict}>
        {answer.total} · {'★'.repeat(answer.stars ?? 0)} {answer.band}
      </p>
      <ul className={css.candidates}>
        {answer.contributions?.map(({ rule, label, points }) => (
          <li key={rule}>
            {points > 0 ? `+${points}` : points} {label}
          </li>
        ))}
      </ul>
    </>
  )
}

function Understood({ answer, fields }: { answer: Answer; fields: Option[] }) {
  const { t } = useTranslation('setup')
  if (!answer.proposals?.length) return <p>{t('nothingRead')}</p>
  return (
    <ul className={css.candidates}>
      {answer.proposals.map(({ field, value, words }) => (
        <li key={field}>
          {labelIn(fields, field)}: <strong>{valueText(value)}</strong> {listText(words.map(({ text, word }) => text ?? word ?? '').filter(Boolean))}
        </li>
      ))}
    </ul>
  )
}

function Clocked({ answer }: { answer: Answer }) {
  const { t, i18n } = useTranslation('setup')
  const zone = useSession()?.company.zone ?? 'UTC'
  const when = (text: string) => exactText(text, zone, i18n.language)
  const due = answer.acts?.find((act) => act.due)?.due
  return (
    <>
      <p className={css.verdict}>{answer.state === 'running' && due ? t('dueAt', { at: when(due) }) : t('notStarted')}</p>
      <ul className={css.candidates}>
        {answer.acts?.filter(({ label }) => label).map(({ label, at }) => (
          <li key={`${label} ${at}`}>
            {at ? `${when(at)} · ` : ''}
            {label}
          </li>
        ))}
      </ul>
    </>
  )
}
