import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalog } from '@/api/catalog'
import { valueText, type FieldShape } from '@/fields/field-value'
import { inputText, instantText } from '@/format/civil-time'
import { Button } from '@/ui/button'
import { Modal } from '@/ui/modal'
import { notify } from '@/ui/notify'
import { wishOf, type Choices } from './convert-plan'
import { FieldEditor } from '@/fields/field-editor'
import { useCompany, useConvert } from './queries'
import type { ConversionPlan, ConversionStep } from './types'
import css from './convert.module.css'

interface Props {
  object: string
  id: string
  plan: ConversionPlan
  onClose: () => void
}

/** What will be made and what is known already, with the few fields worth a look; one tap does all of it. */
export function ConvertDialog({ object, id, plan, onClose }: Props) {
  const { t } = useTranslation('records')
  const [choices, setChoices] = useState<Choices>({})
  const { convert, faults } = useConvert(object, id)
  const choose = (name: string, part: Choices[string]) => setChoices((before) => ({ ...before, [name]: { ...before[name], ...part } }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    convert.mutate(wishOf(choices), {
      onSuccess: () => {
        notify(t('convert.saved'))
        onClose()
      },
    })
  }
  return (
    <Modal opened onClose={onClose} title={plan.label} size="lg">
      <form className={css.form} onSubmit={submit} noValidate>
        {plan.targets.map((step) => (
          <Target key={step.object} step={step} chosen={choices[step.object] ?? {}} faults={faults} onChange={(part) => choose(step.object, part)} />
        ))}
        {convert.error && <p role="alert">{convert.error.message}</p>}
        <div className={css.foot}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={convert.isPending} data-autofocus>
            {plan.label}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

interface TargetProps {
  step: ConversionStep
  chosen: Choices[string]
  faults: Record<string, string>
  onChange: (part: Choices[string]) => void
}

function Target({ step, chosen, faults, onChange }: TargetProps) {
  const { t } = useTranslation('records')
  const fields = useCatalog()?.find(({ name }) => name === step.object)?.fields ?? []
  const making = step.action !== 'skip' && (chosen.use === '' || (chosen.use === undefined && step.action !== 'reuse'))
  const asked = step.ask.flatMap((name) => fields.find((field) => field.name === name) ?? [])
  return (
    <fieldset className={css.target}>
      <legend>{step.label}</legend>
      {step.action === 'reuse' && !step.known && <p className={css.note}>{t('convert.hiddenKnown')}</p>}
      {step.known && step.offers.length === 0 && <p className={css.note}>{t('convert.known', { label: step.known.label ?? '' })}</p>}
      {step.offers.length > 0 && <Offers step={step} use={chosen.use ?? step.known?.id ?? ''} onUse={(use) => onChange({ use })} />}
      {step.hidden && step.action !== 'reuse' && <p className={css.note}>{t('convert.hidden')}</p>}
      {step.action === 'skip' && <p className={css.note}>{t('convert.skip')}</p>}
      {making && <Asked step={step} fields={asked} known={fields} chosen={chosen} faults={faults} onChange={onChange} />}
    </fieldset>
  )
}

/** The records that it may be already, or a new one. */
function Offers({ step, use, onUse }: { step: ConversionStep; use: string; onUse: (id: string) => void }) {
  const { t } = useTranslation('records')
  const options = [...step.offers.map(({ id, label }) => ({ id, label: t('convert.use', { label: label ?? id }) })), { id: '', label: t('convert.new', { object: step.label }) }]
  return options.map(({ id, label }) => (
    <label key={id} className={css.offer}>
      <input type="radio" name={`use-${step.object}`} checked={use === id} onChange={() => onUse(id)} />
      {label}
    </label>
  ))
}

function Asked({ step, fields, known, chosen, faults, onChange }: TargetProps & { fields: FieldShape[]; known: FieldShape[] }) {
  const { i18n } = useTranslation()
  const { zone } = useCompany()
  const typed = chosen.fields ?? {}
  const copied = known
    .filter(({ name, type }) => name in step.fields && type !== 'reference' && !step.ask.includes(name))
    .map((field) => `${field.label} ${valueText(field, step.fields[field.name], i18n.language, zone)}`)
  return (
    <>
      {fields.map((field) => (
        <FieldEditor
          key={field.name}
          field={field}
          value={field.name in typed ? typed[field.name] : step.fields[field.name]}
          people={[]}
          zone={{ inputText: (text) => inputText(text, zone), instantText: (text) => instantText(text, zone) }}
          fault={faults[`${step.object}.${field.name}`]}
          onChange={(value) => onChange({ fields: { ...typed, [field.name]: value } })}
        />
      ))}
      {copied.length > 0 && <p className={css.note}>{copied.join(' · ')}</p>}
    </>
  )
}
