import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { ChoiceChips } from '@/ui/choice-chips'
import { closes, emptyDraft, missing, reasonOf, requestOf, type Draft, type FollowUpRules, type Part } from './draft'
import { DuePicker } from './due-picker'
import { keepDraft, keptDraft } from './kept-draft'
import { useSaveFollowUp } from './queries'
import css from './follow-up.module.css'

interface Props {
  object: string
  id: string
  rules: FollowUpRules
  now: Date
  zone: string
  /** So that a button elsewhere on the page can submit the card. */
  formID: string
  /** Shown beside the confirmation: the way to whom comes next. */
  next?: ReactNode
}

/** Ctrl or ⌘ with Enter saves from any field of a form. */
function hearSend(form: HTMLFormElement): () => void {
  const hear = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  }
  form.addEventListener('keydown', hear)
  return () => form.removeEventListener('keydown', hear)
}

/** What was done and what comes next; without next action and latest time it cannot be saved. */
export function FollowUpCard({ object, id, rules, now, zone, formID, next }: Props) {
  const { t } = useTranslation('followup')
  const [draft, setDraft] = useState<Draft>(() => keptDraft(object, id))
  const [faults, setFaults] = useState<Part[]>([])
  const [done, setDone] = useState(false)
  const save = useSaveFollowUp(object, id)
  useEffect(() => keepDraft(object, id, draft), [object, id, draft])

  const change = (part: Partial<Draft>) => {
    const after = { ...draft, ...part }
    setDraft(after)
    setDone(false)
    setFaults((before) => before.filter((fault) => missing(after, rules, now).includes(fault)))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const gaps = missing(draft, rules, now)
    setFaults(gaps)
    if (gaps.length > 0) return
    save.mutate(requestOf(draft, rules), {
      onSuccess: () => {
        setDraft(emptyDraft)
        setDone(true)
      },
    })
  }
  const ended = closes(draft, rules)
  const reason = reasonOf(draft, rules)
  return (
    <form ref={hearSend} id={formID} className={css.card} aria-label={t('title')} onSubmit={submit} noValidate>
      <ChoiceChips label={t('action')} options={rules.actions} value={draft.action} fault={faults.includes('action')} onChange={(action) => change({ action })} />
      <label className={css.part}>
        <span className={css.label}>{t('text')}</span>
        <input className={css.text} value={draft.text} maxLength={500} placeholder={t('textHint')} enterKeyHint="done" onChange={(event) => change({ text: event.currentTarget.value })} />
      </label>
      {!ended && (
        <div className={css.next}>
          <ChoiceChips label={t('nextAction')} options={rules.next_actions ?? rules.actions} value={draft.nextAction} fault={faults.includes('next_action')} onChange={(nextAction) => change({ nextAction })} />
          <DuePicker due={draft.nextDue} now={now} zone={zone} days={rules.default_days || 3} fault={faults.includes('next_due')} onChange={(nextDue) => change({ nextDue })} />
        </div>
      )}
      {rules.outcomes.length > 0 && (
        <details open={draft.outcome !== '' || undefined}>
          <summary className={css.more}>{t('outcomeMore')}</summary>
          <ChoiceChips label={t('outcome')} options={rules.outcomes} value={draft.outcome} clearable onChange={(outcome) => change({ outcome, reason: '' })} />
          {reason && <ChoiceChips label={reason.label} options={reason.choices} value={draft.reason} fault={faults.includes('reason')} onChange={(name) => change({ reason: name })} />}
        </details>
      )}
      <Faults parts={faults} error={save.error} />
      <div className={css.foot}>
        {done && (
          <output className={css.saved}>
            {t('saved')} {next}
          </output>
        )}
        <Button type="submit" size="md" loading={save.isPending}>
          {ended ? t('saveEnd') : t('save')}
        </Button>
      </div>
    </form>
  )
}

/** Says in words what is missing, and what the server had against it. */
function Faults({ parts, error }: { parts: Part[]; error: Error | null }) {
  const { t } = useTranslation('followup')
  const list = useRef<HTMLDivElement>(null)
  const shown = parts.length > 0 || error !== null
  useEffect(() => {
    if (shown) list.current?.scrollIntoView({ block: 'center' })
  }, [shown])
  if (!shown) return null
  return (
    <div ref={list} id="follow-up-faults" role="alert">
      <ul className={css.faults}>
        {parts.map((part) => (
          <li key={part}>{t(`missing.${part}`)}</li>
        ))}
        {parts.length === 0 && error && <li>{error.message}</li>}
      </ul>
    </div>
  )
}
