import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import { useMay, useSession } from '@/api/session'
import { exactText } from '@/format/moment'
import { phoneText } from '@/format/phone'
import { ScrollBox } from '@/ui/scroll-box'
import { useEditorWork } from './editor-context'
import { PickSelect } from './fields'
import { objectOf, useFields } from './options'
import { pretty, valueText } from './sample'
import type { Fault } from './types'
import { useSettled } from './use-editor'
import css from './panels.module.css'

interface Preview {
  fields: { name: string; label: string; value: unknown; flag?: string }[]
  errors: Fault[]
  delivery_key?: string
  record_key?: string
  source_at?: string
}

interface Delivery {
  id: string
  at: string
  status: string
  preview?: string
  body?: string
}

/** A captured delivery, or a pasted text, beside what the mapping makes of it as it is being written. */
export function MappingPanel({ draft }: { draft: string | undefined }) {
  const { name, body } = useEditorWork()
  const { t, i18n } = useTranslation('setup')
  const mayRead = useMay('deliveries.read')
  const captured = useQuery({
    queryKey: [...keys.channels, name, 'sample'],
    queryFn: async () => (await call<{ items: Delivery[] }>('GET', `/channels/${name}/deliveries`, { query: { limit: '20' } })).items,
    enabled: mayRead,
    retry: false,
  })
  const zone = useSession()?.company.zone ?? 'UTC'
  const [chosen, setChosen] = useState<string | null>(null)
  const [pasted, setPasted] = useState('')
  const delivery = chosen ?? captured.data?.[0]?.id ?? ''
  const whole = useQuery({ queryKey: [...keys.channels, 'delivery', delivery], queryFn: () => call<Delivery>('GET', `/deliveries/${delivery}`), enabled: delivery !== '' && mayRead })
  const settled = useSettled({ body, pasted }, 350)
  const sample = delivery ? { delivery } : { sample: settled.pasted }
  const preview = useQuery({
    queryKey: [...keys.setup, 'preview', name, draft, delivery, settled],
    queryFn: () => call<Preview>('POST', `/config/channel/${name}/preview`, { query: { draft: draft ?? '' }, body: { ...sample, document: settled.body } }),
    enabled: delivery !== '' || settled.pasted.trim() !== '',
    placeholderData: (before) => before,
    retry: false,
    gcTime: 0,
  })
  const options = captured.data?.map(({ id, at, status }) => ({ name: id, label: `${exactText(at, zone, i18n.language, 'short')} · ${t(`delivery.${status}`, { defaultValue: status })}` })) ?? []
  return (
    <aside className={css.panel} aria-label={t('sample')}>
      <h2>{t('sample')}</h2>
      <PickSelect options={options} value={delivery} onPick={(id) => setChosen(id)} placeholder={t('pasteInstead')} aria-label={t('captured')} />
      {delivery ? <ScrollBox as="pre" className={css.payload} label={t('captured')}>{pretty(whole.data?.body ?? '')}</ScrollBox> : <textarea className={css.paste} rows={6} value={pasted} placeholder={t('pasteSample')} aria-label={t('pasteSample')} onChange={(event) => setPasted(event.currentTarget.value)} />}
      <h3>{t('becomes')}</h3>
      {preview.error && (
        <p className={css.bad} role="alert">
          {preview.error.message}
        </p>
      )}
      {preview.data && <Result preview={preview.data} />}
    </aside>
  )
}

function Result({ preview }: { preview: Preview }) {
  const { t } = useTranslation('setup')
  const work = useEditorWork()
  const fields = useFields(work, objectOf(work, undefined, []))
  const read = (name: string, value: unknown) => {
    const field = fields.find((one) => one.name === name)
    const text = valueText(value)
    return field?.choices.find((choice) => choice.name === value)?.label ?? (field?.type === 'phone' ? phoneText(text) : text)
  }
  return (
    <>
      <dl className={css.result} aria-label={t('becomes')}>
        {preview.fields.map(({ name, label, value, flag }) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>
              {read(name, value)}
              {flag && <span className={css.flag}>{flag}</span>}
            </dd>
          </div>
        ))}
        {preview.delivery_key && (
          <div>
            <dt>{t('deliveryKey')}</dt>
            <dd>{preview.delivery_key}</dd>
          </div>
        )}
        {preview.record_key && (
          <div>
            <dt>{t('recordKey')}</dt>
            <dd>{preview.record_key}</dd>
          </div>
        )}
      </dl>
      {preview.errors.map(({ path, message }) => (
        <p key={path + message} className={css.bad}>
          <code>{path}</code> {message}
        </p>
      ))}
    </>
  )
}
