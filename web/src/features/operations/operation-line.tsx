import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, CircleSlash, Play, Square, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { isActive, useFailures, useResumeOperation, useStopOperation, useUndoOperation, type Operation } from '@/api/operations'
import { Button } from '@/ui/button'
import { notifyFailure } from '@/ui/notify'
import { headline, share } from './operation-text'
import css from './operations.module.css'

/** One operation: what it does, how far it is, and what can be done about it. */
export function OperationLine({ operation, moment }: { operation: Operation; moment?: string }) {
  const { t } = useTranslation('operations')
  const [open, setOpen] = useState(false)
  const { id, failed } = operation
  return (
    <div className={css.operation} data-operation={id}>
      <p className={css.what}>
        <StateIcon operation={operation} />
        <strong>{headline(operation, t)}</strong>
        {operation.asker && <span className={css.note}>{t('askedBy', { name: operation.asker.label ?? operation.asker.id })}</span>}
        {moment && <time>{moment}</time>}
      </p>
      <Progress operation={operation} />
      <div className={css.actions}>
        {failed > 0 && !operation.asker && (
          <Button size="xs" variant="subtle" color="red" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('failedShow', { count: failed })}
          </Button>
        )}
        <Acts operation={operation} />
      </div>
      {open && <Failures operation={operation} />}
    </div>
  )
}

function StateIcon({ operation: { state, failed } }: { operation: Operation }) {
  const { t } = useTranslation('operations')
  if (state === 'queued' || state === 'running') return <span className={css.spin} role="img" aria-label={t(`state.${state}`)} />
  if (state === 'stopped') return <CircleSlash size={16} className={css.warn} aria-label={t('state.stopped')} />
  if (failed > 0) return <CircleAlert size={16} className={css.warn} aria-label={t('state.done')} />
  return <CircleCheck size={16} className={css.good} aria-label={t('state.done')} />
}

function Progress({ operation }: { operation: Operation }) {
  const { t, i18n } = useTranslation('operations')
  const number = new Intl.NumberFormat(i18n.language)
  const { done, total, problem, state, undone_by: undone } = operation
  const text = t(isActive(operation) ? 'progress' : 'result', { done: number.format(done), total: number.format(total) })
  return (
    <>
      {isActive(operation) && <progress className={css.bar} value={share(operation)} max={1} aria-label={text} />}
      <p className={css.note}>
        {state === 'stopped' && `${t('state.stopped')} · `}
        {text}
        {undone && ` · ${t('undone')}`}
      </p>
      {problem && <p className={css.problem}>{problem.message}</p>}
    </>
  )
}

function Acts({ operation }: { operation: Operation }) {
  const { t } = useTranslation('operations')
  const stop = useStopOperation()
  const resume = useResumeOperation()
  const undo = useUndoOperation()
  const tell = (error: Error) => notifyFailure(error instanceof Problem ? error.message : t('failed'))
  if (isActive(operation)) {
    return (
      <Button size="xs" variant="default" leftSection={<Square size={12} aria-hidden="true" />} loading={stop.isPending} onClick={() => stop.mutate(operation.id, { onError: tell })}>
        {t('stop')}
      </Button>
    )
  }
  return (
    <>
      {operation.may_resume && (
        <Button size="xs" variant="default" leftSection={<Play size={12} aria-hidden="true" />} loading={resume.isPending} onClick={() => resume.mutate(operation.id, { onError: tell })}>
          {t('resume')}
        </Button>
      )}
      {operation.may_undo && (
        <Button size="xs" variant="default" leftSection={<Undo2 size={14} aria-hidden="true" />} loading={undo.isPending} onClick={() => undo.mutate(operation.id, { onError: tell })}>
          {t('undo')}
        </Button>
      )}
    </>
  )
}

function Failures({ operation: { id, object } }: { operation: Operation }) {
  const { t } = useTranslation('operations')
  const { data, error } = useFailures(id, true)
  if (error) return <p className={css.problem}>{error.message}</p>
  if (!data) return <output className={css.note}>{t('loading')}</output>
  return (
    <ul className={css.failures}>
      {data.items.map(({ record, text, errors }) => (
        <li key={record.id}>
          {record.label ? (
            <Link to="/o/$object/$id" params={{ object, id: record.id }}>
              {record.label}
            </Link>
          ) : (
            <span>{t('unreadable')}</span>
          )}
          <span>{errors?.[0]?.message ?? text}</span>
        </li>
      ))}
      {data.next_cursor && <li className={css.note}>{t('more')}</li>}
    </ul>
  )
}
