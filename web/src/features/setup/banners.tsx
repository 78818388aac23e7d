import { useTranslation } from 'react-i18next'
import { listText } from '@/format/list-text'
import { Button } from '@/ui/button'
import { notifyError } from '@/ui/notify'
import { useEditorWork } from './editor-context'
import { useOtherWriters, useRebase, useVersionDifferences, useVersions } from './queries'
import type { Checked, Draft } from './types'
import type { Editing } from './use-editor'
import css from './editor.module.css'

interface Props {
  draft: Draft | null
  outdated: boolean
  editing: Editing
  stale: boolean
  checked: Checked | undefined
  onOverwrite: () => void
  onReload: () => void
  onDiscardText: () => void
}

/** What the writer has to know before going on: text found again, somebody else's changes. */
export function Banners({ draft, outdated, editing, stale, onOverwrite, onReload, onDiscardText }: Props) {
  const { t } = useTranslation('setup')
  const { kind, name } = useEditorWork()
  const others = useOtherWriters(kind, name)
  return (
    <>
      {editing.restored !== 'no' && editing.dirty && (
        <p className={css.banner} role="status">
          <span>{t(editing.restored === 'yes' ? 'restored' : 'restoredOutdated')}</span>
          <Button size="xs" variant="default" onClick={onDiscardText}>
            {t('discardText')}
          </Button>
        </p>
      )}
      {stale && (
        <p className={css.warning} role="alert">
          <span>{t('stale')}</span>
          <Button size="xs" variant="default" onClick={onOverwrite}>
            {t('overwrite')}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              onDiscardText()
              onReload()
            }}
          >
            {t('takeTheirs')}
          </Button>
        </p>
      )}
      {outdated && draft && <Outdated draft={draft} onReload={onReload} />}
      {others.length > 0 && <p className={css.banner}>{t('alsoWriting', { people: listText(others) })}</p>}
    </>
  )
}

/** Somebody published another version meanwhile: what he changed, and whose holds. */
function Outdated({ draft, onReload }: { draft: Draft; onReload: () => void }) {
  const { t } = useTranslation('setup')
  const { kind, name } = useEditorWork()
  const rebase = useRebase()
  const newest = useVersions(kind, name).data?.[0]?.version ?? 0
  const theirs = useVersionDifferences(draft.base, newest, kind, name)
  const reference = `${kind}/${name}`
  const others = (draft.documents ?? []).filter((one) => one.outdated).map((one) => `${one.kind}/${one.name}`)
  const decide = (mine: boolean) => rebase.mutate({ draft: draft.id, mine: mine ? others : others.filter((one) => one !== reference), theirs: mine ? [] : [reference] }, { onSuccess: onReload, onError: notifyError })
  return (
    <div className={css.warning} role="alert">
      <div>
        <p>{t('outdated')}</p>
        <ul>{theirs.data?.flatMap(({ words }) => words).map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
      </div>
      <Button size="xs" variant="default" onClick={() => decide(true)}>
        {t('keepMine')}
      </Button>
      <Button size="xs" variant="default" onClick={() => decide(false)}>
        {t('takeTheirs')}
      </Button>
    </div>
  )
}
