import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject } from '@/api/catalog'
import { listText } from '@/format/list-text'
import { Button } from '@/ui/button'
import { Modal } from '@/ui/modal'
import { notify } from '@/ui/notify'
import { choices } from './merge-plan'
import { useMerge, useMergePreview, type Candidate, type MergeField, type Side } from './queries'
import css from './merge.module.css'

interface Props {
  object: CatalogObject
  id: string
  candidates: Candidate[]
  onClose: () => void
}

/** Two records side by side: of each field in which they differ, one value is kept. */
export function MergeDialog({ object, id, candidates, onClose }: Props) {
  const { t } = useTranslation('merge')
  const [other, setOther] = useState(candidates[0]?.id ?? '')
  const [changed, setChanged] = useState<Record<string, Side>>({})
  const preview = useMergePreview(object.name, id, other)
  const merge = useMerge(object.name, id)
  const fields = preview.data?.fields ?? []
  const fault = merge.error ?? preview.error
  const done = () => {
    notify(t('done'))
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('title')} size="lg">
      <form
        className={css.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          merge.mutate({ other, fields: choices(fields, changed) }, { onSuccess: done })
        }}
      >
        <label className={css.other}>
          {t('with')}
          <select
            data-autofocus
            value={other}
            onChange={(event) => {
              setOther(event.currentTarget.value)
              setChanged({})
            }}
          >
            {candidates.map((one) => (
              <option key={one.id} value={one.id}>
                {[one.label, one.owner?.label, one.same.length > 0 ? t('same', { fields: listText(one.same) }) : t('similar')].filter(Boolean).join(' · ')}
              </option>
            ))}
          </select>
        </label>
        {preview.isPending && <output className={css.note}>{t('loading')}</output>}
        {fields.length > 0 && <Sides fields={fields} changed={changed} onChoose={(name, side) => setChanged({ ...changed, [name]: side })} />}
        {preview.data && (
          <p className={css.note}>
            {preview.data.references.length > 0 && t('moves', { what: listText(preview.data.references.map(({ label, count }) => t('moved', { label, count }))) })} {t('note')}
          </p>
        )}
        {fault && (
          <p className={css.fault} role="alert">
            {fault.message}
          </p>
        )}
        <div className={css.actions}>
          <Button type="submit" disabled={!preview.data} loading={merge.isPending}>
            {t('merge')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

interface SidesProps {
  fields: MergeField[]
  changed: Record<string, Side>
  onChoose: (name: string, side: Side) => void
}

function Sides({ fields, changed, onChoose }: SidesProps) {
  const { t } = useTranslation('merge')
  return (
    <div className={css.sides}>
      <div className={css.row} aria-hidden="true">
        <span />
        <strong>{t('this')}</strong>
        <strong>{t('other')}</strong>
      </div>
      {fields.map((field) => (
        <fieldset key={field.name} className={css.row} disabled={field.fixed}>
          <legend className="visually-hidden">{field.label}</legend>
          <span aria-hidden="true">{field.label}</span>
          {(['this', 'other'] as const).map((side) => (
            <label key={side} className={css.value}>
              <input type="radio" name={field.name} checked={(changed[field.name] ?? field.chosen) === side} onChange={() => onChoose(field.name, side)} />
              <span className="visually-hidden">{t(side)}</span>
              <span>{field[side] || t('blank')}</span>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  )
}
