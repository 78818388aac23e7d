import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, Problem } from '@/api/call'
import { useObject } from '@/api/catalog'
import { keys } from '@/api/keys'
import { useEditorWork } from './editor-context'
import { PickSelect } from './fields'
import { objectOf, useFields } from './options'
import { Outcome, type Answer } from './outcome'
import { useSettled } from './use-editor'
import css from './panels.module.css'

/** The rules on a record that there is, or on typed values: as they are being written, beside today's. */
export function TryPanel({ draft }: { draft: string | undefined }) {
  const work = useEditorWork()
  const { t } = useTranslation('setup')
  const object = objectOf(work, undefined, [])
  const known = useObject(object)
  const fields = useFields(work, object)
  const [record, setRecord] = useState('')
  const [values, setValues] = useState<Record<string, string>>({})
  const recent = useQuery({
    queryKey: [...keys.records(object), 'recent'],
    queryFn: async () => (await call<{ items: Record<string, unknown>[] }>('GET', `/records/${object}`, { query: { sort: '-created_at', limit: '20' } })).items,
    enabled: known?.can.read === true,
    retry: false,
  })
  const title = known?.title_field ?? 'id'
  const options = recent.data?.map((one) => ({ name: String(one.id), label: String(one[title] || one.id) })) ?? []
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
  const settled = useSettled({ document: work.body, record, fields: filled }, 350)
  const ready = settled.record !== '' || Object.keys(settled.fields).length > 0
  const path = `/simulate/${work.kind}/${work.name}`
  const asked = { record: settled.record || undefined, fields: settled.fields }
  const mine = useQuery({
    queryKey: [...keys.setup, 'try', path, draft, settled],
    queryFn: () => call<Answer>('POST', path, { query: { draft: draft ?? '' }, body: { ...asked, document: settled.document } }),
    enabled: ready,
    placeholderData: (before) => before,
    retry: false,
    gcTime: 0,
  })
  const today = useQuery({ queryKey: [...keys.setup, 'today', path, asked], queryFn: () => call<Answer>('POST', path, { body: asked }), enabled: ready, placeholderData: (before) => before, retry: false, gcTime: 0 })
  const chosen = Object.keys(values)
  return (
    <aside className={css.panel} aria-label={t('try')}>
      <h2>{t('try')}</h2>
      <p className={css.muted}>{t('tryNote')}</p>
      <PickSelect options={options} value={record} onPick={setRecord} placeholder={t('recentRecord')} aria-label={t('recentRecord')} />
      <div className={css.values}>
        {chosen.map((name) => {
          const field = fields.find((one) => one.name === name)
          const label = field?.label ?? name
          const set = (value: string) => setValues({ ...values, [name]: value })
          return (
            <label key={name}>
              <span>{label}</span>
              {field && field.choices.length > 0 ? <PickSelect options={field.choices} value={values[name]} onPick={set} aria-label={label} /> : <input value={values[name]} onChange={(event) => set(event.currentTarget.value)} />}
            </label>
          )
        })}
        <PickSelect options={fields.filter(({ name }) => !chosen.includes(name))} value="" onPick={(name) => name && setValues({ ...values, [name]: '' })} placeholder={t('addValue')} aria-label={t('addValue')} />
      </div>
      {ready && (
        <div className={css.answers}>
          <section aria-label={t('asWritten')}>
            <h3>{t('asWritten')}</h3>
            {mine.error ? <Refused error={mine.error} /> : mine.data && <Outcome kind={work.kind} answer={mine.data} fields={fields} />}
          </section>
          <section aria-label={t('asToday')}>
            <h3>{t('asToday')}</h3>
            {today.error ? <Refused error={today.error} /> : today.data && <Outcome kind={work.kind} answer={today.data} fields={fields} />}
          </section>
        </div>
      )}
    </aside>
  )
}

function Refused({ error }: { error: Error }) {
  const faults = error instanceof Problem ? error.errors : []
  return (
    <p className={css.bad} role="alert">
      {faults[0]?.message.split('\n')[0] ?? error.message}
    </p>
  )
}
