import { Link } from '@tanstack/react-router'
import { ChevronRight, Circle, CircleCheck, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '@/ui/icon-button'
import { notify, notifyError } from '@/ui/notify'
import { useFirstSteps, usePutAway } from './queries'
import { placeOf, standing } from './first-steps'
import type { FirstStep } from './types'
import css from './first-step-list.module.css'

/** What a new company lacks, for who sets it up: gone once all is there, or when it is put away. */
export function FirstStepList() {
  const { t } = useTranslation('home')
  const { data } = useFirstSteps()
  const put = usePutAway()
  const state = standing(data)
  if (!state) return null
  const putAway = () =>
    put.mutate(true, {
      onError: notifyError,
      onSuccess: () => notify(t('first.wasPutAway'), { label: t('first.undo'), run: () => put.mutate(false, { onError: notifyError }) }),
    })
  return (
    <section className={css.box} aria-labelledby="first-steps">
      <header className={css.head}>
        <h2 id="first-steps">{t('first.title')}</h2>
        <span className={css.muted}>{t('first.done', { done: state.done, all: state.steps.length })}</span>
        <progress className={css.bar} max={state.steps.length} value={state.done} aria-hidden="true" />
        <IconButton label={t('first.putAway')} className={css.close} onClick={putAway} disabled={put.isPending}>
          <X size={18} />
        </IconButton>
      </header>
      <ol className={css.list}>
        {state.steps.map((step) => (
          <Step key={step.name} step={step} next={step === state.next} />
        ))}
      </ol>
    </section>
  )
}

/** One step: what, why, and the way to where it is done. */
function Step({ step, next }: { step: FirstStep; next: boolean }) {
  const { t } = useTranslation('home')
  const Icon = step.done ? CircleCheck : Circle
  return (
    <li data-done={step.done || undefined} data-next={next || undefined}>
      <Icon size={20} className={css.icon} role="img" aria-label={step.done ? t('first.isDone') : t('first.isOpen')} />
      <div>
        <Link {...placeOf(step)} className={css.title}>
          {t(`first.${step.name}`)}
        </Link>
        {!step.done && <p className={css.muted}>{t(`first.${step.name}Why`)}</p>}
        {step.name === 'pools' && step.done && step.of !== undefined && step.count < step.of && <p className={css.muted}>{t('first.poolsCount', { count: step.count, of: step.of })}</p>}
      </div>
      <ChevronRight size={18} aria-hidden="true" className={css.arrow} />
    </li>
  )
}
