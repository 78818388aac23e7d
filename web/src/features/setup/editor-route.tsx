import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'
import { EditorPage } from './editor-page'
import { useDocument, useMyDraft, useShape } from './queries'

/** The editor of the document that the address names. */
export function EditorRoute() {
  const { kind = '', name = '' } = useParams({ strict: false })
  const [visit, setVisit] = useState(0)
  return <Loaded key={`${kind}/${name}/${visit}`} kind={kind} name={name} onReload={() => setVisit(visit + 1)} />
}

function Loaded({ kind, name, onReload }: { kind: string; name: string; onReload: () => void }) {
  const { t } = useTranslation('setup')
  const draft = useMyDraft()
  const shape = useShape(kind)
  const document = useDocument(kind, name)
  // The first answer is what the editor begins with: what is typed afterwards is not to be overwritten.
  const [first, setFirst] = useState<typeof document.data>()
  if (!first && document.data && !document.isFetching) setFirst(document.data)
  const error = shape.error ?? (first ? null : document.error)
  if (error) {
    return (
      <EmptyState text={error instanceof Problem ? error.message : t('cannotEdit')}>
        <ButtonLink to="/setup" variant="default">
          {t('title')}
        </ButtonLink>
      </EmptyState>
    )
  }
  if (!shape.data || !first || draft === undefined) return <output className="visually-hidden">{t('loading')}</output>
  return <EditorPage kind={kind} name={name} shape={shape.data} initial={first} draft={draft} onReload={onReload} />
}
