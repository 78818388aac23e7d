import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Copy, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/call'
import { Button } from '@/ui/button'
import { IconButton } from '@/ui/icon-button'
import { Modal } from '@/ui/modal'
import { copyOf, type Body } from './document'
import { PickSelect } from './fields'
import { isName, nameFrom } from './groups'
import { useKinds, useMyDraft, useSaveDocument, useShape } from './queries'
import { useRobots } from './robots'
import { blankOf, inLanguage, type Shape } from './shape'
import type { Listed } from './types'
import css from './index.module.css'

/** The documents of one kind. */
export function KindPage() {
  const { t, i18n } = useTranslation('setup')
  const { kind = '' } = useParams({ strict: false })
  const all = useKinds()
  const shape = useShape(kind)
  const one = all?.find((candidate) => candidate.kind === kind)
  const [making, setMaking] = useState<Listed | 'new' | null>(null)
  const [text, setText] = useState('')
  const objects = all?.find((candidate) => candidate.kind === 'object')?.items ?? []
  const connected = (useRobots(kind).data ?? []).filter(({ has_secret: has }) => has).map(({ name }) => name)
  const matches = ({ label, name, labels }: Listed) => [label, name, ...Object.values(labels ?? {})].some((word) => word.toLowerCase().includes(text.toLowerCase()))
  return (
    <div className={css.page}>
      <div className={css.head}>
        <div>
          <p className={css.crumbs}>
            <Link to="/setup">{t('title')}</Link> ›
          </p>
          <h1>{one?.label ?? inLanguage(shape.data?.title, i18n.language)}</h1>
          <p className={css.muted}>{t(`about.${kind}`, { defaultValue: '' })}</p>
        </div>
        {kind !== 'company' && (
          <Button disabled={!one} leftSection={<Plus size={15} aria-hidden="true" />} onClick={() => setMaking('new')}>
            {t('new', { kind: one?.label ?? '' })}
          </Button>
        )}
      </div>
      {(one?.items.length ?? 0) > 8 && <input className={css.filter} type="search" value={text} placeholder={t('searchIn', { list: one?.label })} aria-label={t('searchIn', { list: one?.label })} onChange={(event) => setText(event.currentTarget.value)} />}
      <ul className={css.results} aria-label={one?.label}>
        {one?.items.filter(matches).map((item) => (
          <li key={item.name}>
            <Link to="/setup/$kind/$name" params={{ kind, name: item.name }}>
              <span className={css.label}>{item.label}</span>
              {item.object && <span className={css.kind}>{objects.find(({ name }) => name === item.object)?.label ?? item.object}</span>}
              <code>{item.name}</code>
              {connected.includes(item.name) && <span className={css.badge}>{t('isConnected')}</span>}
              {item.draft && <span className={css.badge}>{t('inDraft')}</span>}
            </Link>
            {kind !== 'company' && (
              <IconButton label={t('duplicateItem', { item: item.label })} onClick={() => setMaking(item)}>
                <Copy size={16} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {one?.items.length === 0 && <p className={css.muted}>{t('empty')}</p>}
      {making && shape.data && <NewDocument kind={kind} shape={shape.data} source={making === 'new' ? null : making} taken={one?.items ?? []} objects={objects} onClose={() => setMaking(null)} />}
    </div>
  )
}

interface NewProps {
  kind: string
  shape: Shape
  source: Listed | null
  taken: Listed[]
  objects: Listed[]
  onClose: () => void
}

/** A new document needs a label and, where its kind is about one, an object; everything else comes in the editor. */
function NewDocument({ kind, shape, source, taken, objects, onClose }: NewProps) {
  const { t, i18n } = useTranslation('setup')
  const navigate = useNavigate()
  const draft = useMyDraft()
  const save = useSaveDocument()
  const [label, setLabel] = useState(source ? t('copyOf', { label: source.label }) : '')
  const [own, setOwn] = useState<string | null>(null)
  const [object, setObject] = useState(source?.object ?? objects.find(({ name }) => name === 'lead')?.name ?? '')
  const about = shape.kind === 'object' && shape.properties.some(({ name, shape: inner }) => name === 'object' && inner.kind === 'text')
  const suggested = nameFrom(label, kind, taken.map(({ name }) => name))
  const name = own ?? (about && ['view', 'form', 'field'].includes(kind) ? `${object}.${suggested}` : suggested)
  const clash = taken.some((one) => one.name === name)
  const make = async () => {
    const base = source ? (copyOf(await call<Body>('GET', `/config/${kind}/${source.name}`, { query: { draft: draft?.id ?? '' } })) as Body) : (blankOf(shape) as Body)
    const body = { ...base, name, label: { [i18n.language]: label }, ...(about ? { object } : {}) }
    await save.mutateAsync({ draft: draft?.id, kind, name, body })
    await navigate({ to: '/setup/$kind/$name', params: { kind, name } })
  }
  const create = useMutation({ mutationFn: make })
  return (
    <Modal opened onClose={onClose} title={source ? t('duplicate') : t('new', { kind: inLanguage(shape.title, i18n.language) })}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <label>
          {t('label')}
          <input data-autofocus required value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
        </label>
        {about && (
          <label>
            {t('object')}
            <PickSelect options={objects} value={object} onPick={setObject} aria-label={t('object')} />
          </label>
        )}
        <label>
          {t('technicalName')}
          <input value={name} onChange={(event) => setOwn(event.currentTarget.value)} aria-invalid={clash || !isName(name) || undefined} />
        </label>
        {clash && <p role="alert">{t('nameTaken')}</p>}
        {!isName(name) && <p role="alert">{t('nameWrong')}</p>}
        {create.error && <p role="alert">{create.error.message}</p>}
        <Button type="submit" loading={create.isPending} disabled={label.trim() === '' || clash || !isName(name)}>
          {t('create')}
        </Button>
      </form>
    </Modal>
  )
}
