import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { notify } from '@/ui/notify'
import { ScrollBox } from '@/ui/scroll-box'
import type { Body } from './document'
import { useEditorWork } from './editor-context'
import { objectOf, useFields } from './options'
import { inLanguage, type Label } from './shape'
import css from './panels.module.css'

/** How a visitor will see the form, and where he finds it. */
export function FormPanel() {
  const work = useEditorWork()
  const { t } = useTranslation('setup')
  const { body, language, name } = work
  const text = (key: string) => inLanguage(body[key] as Label | undefined, language)
  return (
    <aside className={css.panel} aria-label={t('preview')}>
      <h2>{t('preview')}</h2>
      <div className={css.visitor}>
        <strong>{text('title') || text('label')}</strong>
        {text('intro') && <p>{text('intro')}</p>}
        <Questions />
        <span className={css.submit}>{text('submit') || t('submit')}</span>
        {text('consent') && <p className={css.muted}>{text('consent')}</p>}
      </div>
      {body.public === true && <Address name={name} />}
    </aside>
  )
}

function Questions() {
  const work = useEditorWork()
  const fields = useFields(work, objectOf(work, undefined, []))
  const questions = (Array.isArray(work.body.fields) ? work.body.fields : []) as Body[]
  return (
    <ol className={css.questions}>
      {questions.map((question, at) => {
        const field = fields.find(({ name }) => name === question.name)
        const label = inLanguage(question.label as Label | undefined, work.language) || field?.label || String(question.name ?? '')
        return (
          // A question that was just added has no name yet.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={`${question.name} ${at}`}>
            {label}
            {question.required === true && <span className={css.star}> *</span>}
            <span className={field?.type === 'long_text' ? css.bigBox : css.box}>{inLanguage(question.placeholder as Label | undefined, work.language)}</span>
          </li>
        )
      })}
    </ol>
  )
}

function Address({ name }: { name: string }) {
  const { t } = useTranslation('setup')
  const address = `${location.origin}/f/${name}`
  const snippet = `<iframe src="${address}" title="${name}" style="width:100%;min-height:640px;border:0" loading="lazy"></iframe>`
  return (
    <div className={css.address}>
      <p>
        <a href={address} target="_blank" rel="noreferrer">
          {address}
        </a>
      </p>
      <img src={`/f/${name}/qr.svg`} alt={t('qr')} width={140} height={140} />
      <p className={css.muted}>{t('embedNote')}</p>
      <ScrollBox as="pre" className={css.snippet} label={t('embedNote')}>{snippet}</ScrollBox>
      {'clipboard' in navigator && (
        <Button size="xs" variant="default" leftSection={<Copy size={14} aria-hidden="true" />} onClick={() => void navigator.clipboard.writeText(snippet).then(() => notify(t('copied')))}>
          {t('copyEmbed')}
        </Button>
      )}
    </div>
  )
}
