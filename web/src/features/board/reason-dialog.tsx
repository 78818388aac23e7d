import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { Button } from '@/ui/button'
import { ChoiceChips } from '@/ui/choice-chips'
import { Modal } from '@/ui/modal'
import css from './board.module.css'

interface Props {
  fields: Field[]
  onClose: () => void
  onDone: (values: Record<string, string>) => void
}

/** Asks why, where the choice wants to know. */
export function ReasonDialog({ fields, onClose, onDone }: Props) {
  const { t } = useTranslation('board')
  const [values, setValues] = useState<Record<string, string>>({})
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fields.every(({ name }) => values[name])) onDone(values)
  }
  return (
    <Modal opened onClose={onClose} title={t('why')}>
      <form className={css.reasons} onSubmit={submit} noValidate>
        {fields.map((field) => (
          <ChoiceChips
            key={field.name}
            label={field.label}
            options={field.choices ?? []}
            value={values[field.name] ?? ''}
            fault={tried && !values[field.name]}
            onChange={(name) => setValues({ ...values, [field.name]: name })}
          />
        ))}
        {tried && fields.some(({ name }) => !values[name]) && <p role="alert">{t('whyMissing')}</p>}
        <Button type="submit">{t('save')}</Button>
      </form>
    </Modal>
  )
}
